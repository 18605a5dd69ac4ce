"""A made plan as its JSON tells it, of any number of works."""

import json
from pathlib import Path

_FILE = Path(__file__).with_name("made_plan.json")


def made_plan(n=3):
    """Make a plan of so many works, with sums that are theirs."""
    plan = json.loads(_FILE.read_text(encoding="utf-8"))
    works = plan["sites"]
    plan["sites"] = [
        {
            **works[k % len(works)],
            "site_id": f"n{k}",
            "lon": 13.70 + 0.0013 * (k * 7 % 31),
            "lat": 51.00 + 0.0009 * (k * 5 % 29),
            "responsible_de": "Grünflächenamt",
        }
        for k in range(n)
    ]
    plan["n_works"] = n
    for key in ("cost_eur", "upkeep_eur_per_year"):
        plan[key] = sum(site[key] for site in plan["sites"])
    plan["budget_eur"] = plan["cost_eur"] + 500
    if not n:
        plan["measures"], plan["robustness"] = [], None
    return plan
