"""Ids of formulas, as they stand in published lines: an id never changes its meaning."""

from __future__ import annotations

FUEL_BY_CARBON = "fuel/ncv-carbon-oxidation-44-12"
"""Quantity x calorific value x carbon content x oxidation x 44/12."""

FUEL_BY_FACTOR = "fuel/quantity-times-factor"
FUEL_WITHOUT_CARBON = "fuel/no-carbon"
FUEL_OTHER_GASES = "fuel/quantity-times-ch4-n2o"
"""Quantity, or the energy in it, x the factor of each gas."""

PROCESS_GAS = "process-gas/utilisation-by-product-abatement"
"""C(1-U)(1-a.D.u) of the gas and C.B(1-a.D_b.u) of its by-product."""

PROCESS_GAS_BALANCE = "process-gas/stock-balance-utilisation-by-product-abatement"
"""The same, where C = opening stock + received - closing stock - returned - heel."""

REFRIGERANT = "refrigerant/mass-balance"
"""Refilled + charged - nameplate growth + disposal loss, x mass fraction of each gas."""

REFRIGERANT_BY_LEAK_RATE = "refrigerant/charge-times-leak-rate"
"""An estimate: charge x yearly rate x months/12, x mass fraction of each gas."""

SWITCHGEAR = "switchgear/mass-balance"
EXTINGUISHER = "extinguisher/mass-balance"
EXTINGUISHER_BY_SHARE = "extinguisher/mass-balance-times-release"
SHIELDING_GAS = "shielding-gas/mass-fraction"
SHIELDING_GAS_BY_VOLUME = "shielding-gas/volume-fraction-by-molar-mass"
"""Mass x x.M / sum(x.M), with volume fraction x and molar mass M."""

WASTE_WATER = "waste-water/net-demand-b0-mcf"
"""(Removed - in the sludge) x B0 x MCF."""

WASTE_WATER_LESS_RECOVERED = "waste-water/net-demand-b0-mcf-less-recovered"
RECOVERED = "recovery/less-recovered"
CARBONATE = "carbonate/mass-purity-factor"
ELECTRICITY_AVERAGE = "electricity/quantity-times-average"
ELECTRICITY_SOLD = "electricity/less-quantity-times-average"
"""Minus: quantity x grid average. Only where a guide nets what was sold."""

OWN_USE = "electricity/own-use"
CERTIFICATES = "electricity/certificates"
ELECTRICITY_REST = "electricity/quantity-times-rest"
HEAT = "heat/quantity-times-factor"
HEAT_SOLD = "heat/less-quantity-times-factor"
UPSTREAM_BY_DIFFERENCE = "upstream/life-cycle-less-direct"
UPSTREAM_BY_FACTOR = "upstream/quantity-times-factor"
SCOPE3 = "scope3/quantity-times-factor"
