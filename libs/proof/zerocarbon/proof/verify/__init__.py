"""Checking a bundle offline: everything is recomputed, and each check is one line."""

from zerocarbon.proof.verify.report import Check, Report
from zerocarbon.proof.verify.run import verify

__all__ = ["Check", "Report", "verify"]
