"""What factors are for, and which purposes an organisation may serve with its own."""

from __future__ import annotations

ELECTRICITY_AVERAGE = "electricity-average"
ELECTRICITY_RESIDUAL = "electricity-residual"
ELECTRICITY_MARKET = "electricity-market"
ELECTRICITY_LIFE_CYCLE = "electricity-life-cycle"
HEAT = "heat"
FUEL_COMBUSTION = "fuel-combustion"
FUEL_CALORIFIC_VALUE = "fuel-calorific-value"
FUEL_CARBON_CONTENT = "fuel-carbon-content"
FUEL_OXIDATION = "fuel-oxidation"
FUEL_CH4 = "fuel-ch4"
FUEL_N2O = "fuel-n2o"
PROCESS_UTILISATION = "process-utilisation"
PROCESS_BY_PRODUCT = "process-by-product"
PROCESS_HEEL = "process-heel"
REFRIGERANT_LEAK = "refrigerant-leak-rate"
EXTINGUISHER_RELEASE = "extinguisher-release"
WASTE_WATER_B0 = "waste-water-b0"
WASTE_WATER_MCF = "waste-water-mcf"
CARBONATE = "carbonate"
SCOPE3 = "scope3"
TRANSPORT = "transport"

ORGANISATION_RUNGS = {
    ELECTRICITY_MARKET: "supplier",
    HEAT: "supplier",
    FUEL_COMBUSTION: "measured",
    FUEL_CALORIFIC_VALUE: "measured",
    FUEL_CARBON_CONTENT: "measured",
    FUEL_OXIDATION: "measured",
    FUEL_CH4: "measured",
    FUEL_N2O: "measured",
    PROCESS_UTILISATION: "measured",
    PROCESS_BY_PRODUCT: "measured",
    PROCESS_HEEL: "measured",
    REFRIGERANT_LEAK: "measured",
    EXTINGUISHER_RELEASE: "measured",
    WASTE_WATER_B0: "measured",
    WASTE_WATER_MCF: "measured",
    CARBONATE: "measured",
    SCOPE3: "supplier",
    TRANSPORT: "supplier",
}
"""Purposes of an organisation's own factors and their rung. Grid averages are not among them: what a
grid emitted is for an authority to say, and a supplier's own figure acts market-based only (rules 2.1)."""

GAS_OF_PURPOSE = {FUEL_CH4: "CH4", FUEL_N2O: "N2O"}
"""The one gas that a factor for a purpose counts, where the purpose names it."""
