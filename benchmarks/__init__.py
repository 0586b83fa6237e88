"""Measurements that anybody can repeat: each module prints rates, yardsticks, machine, versions and seed.

`python -m benchmarks.fold --json` prints one JSON object; without `--json` a table of what there is to reach.
"""
