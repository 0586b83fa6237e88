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

REFRIGERANT = "refrigerant/mass-balance"
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
