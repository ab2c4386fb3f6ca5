"""Every claim and trend of the paper as a number, a limit and a verdict, at the reference parameters and against ω_c."""

from subkelvin.gallery.ndtc.claims.report import write as write
from subkelvin.gallery.ndtc.claims.rule import Rule as Rule
from subkelvin.gallery.ndtc.claims.rule import Verdict as Verdict
