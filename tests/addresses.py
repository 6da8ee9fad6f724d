"""What stands in the product's addresses: which row a number points at, and words that are no numbers."""

import re
from itertools import product

# the word before a row's number in an address → what it is a number of
NUMBERED = {
    "registry": "household", "households": "household", "people": "person", "suspicions": "suspicion", "alike": "alike", "merged": "merged", "units": "unit", "cadres": "cadre",
    "absences": "absence", "imports": "batch", "rounds": "round", "wishes": "wish", "pairs": "proposedpair", "pairings": "pairing",
    "relatives": "relative", "leaders": "leaderlink", "links": "villagelink", "jobs": "job", "trail": "entry", "users": "user", "tags": "tag",
    "checks": "benefit_round", "dues": "due", "statements": "statement", "payments": "payment",
    "scenarios": "scenario", "kin": "kin", "provisions": "provision",
    "flags": "flag", "exceptions": "exception", "campaigns": "campaign", "assignments": "assignment", "visits": "visit", "draws": "draw",
    "adjustment": "adjustment",
    "devices": "device", "conflicts": "conflict",
    "doubts": "doubt", "call-backs": "askedmonth", "ask": "callback",
    "reports": "policyreport", "proposals": "policyproposal", "mediated": "dispute", "parties": "party", "scans": "scan",
    "notices": "notice", "objections": "objection", "photos": "photo",
    "versions": "householdplan", "compare": "householdplan", "agreements": "agreement", "planned": "planline", "progress": "planprogress",
    "village-plans": "villageplan", "village-minutes": "villageact", "village-lines": "villageline",
    "letters": "letter", "openings": "opening", "officers": "officer", "photo_pk": "letterphoto", "opening_pk": "opening",
    "grievances": "demand", "file": "demandfile", "desks": "desk", "mail": "mail",
    "entries": "fieldvisit", "posts": "post", "messages": "message",
    "cases": "case", "lists": "caselist", "papers": "casepaper", "meetings": "sitting", "forms": "formprint",
}  # fmt: skip
WORDS = {
    "kind": ["households", "cadre", "household"],
    "township": ["621122100000"],
    "year": [2014],
    "verb": ["pin"],
    "part": ["units"],
    "place": [0],
    "area_code": ["621121100201"],
    "step": ["application"],
    "deed": ["pass"],
    "version": ["0000000000000000"],
    "name": ["app.js"],
    "duty": ["cadre_visits"],
    "rate": ["wrong_entry"],
    "token": ["none"],
}


def fillings(parameters, route, place):
    """What to put into an address so that it points at a place's rows; an address nobody told us about fails here."""
    choices = []
    for parameter in parameters:
        word = re.search(rf"([a-z-]+)/(?:<[^>]*>/)?<[a-z]+:{parameter}>", route)
        if parameter == "operation":
            choices.append([place.rows["operation"].pk])
        elif (parameter == "code" and ("areas/" in route or "villages/" in route)) or "repair" in route:
            choices.append([place.village.code, place.county.code])
        elif parameter in WORDS:
            choices.append(WORDS[parameter])
        elif parameter == "code":
            choices.append(
                ["senior_grant"] if "policies/" in route else ["phone" if "quality/" in route else "id_check"]
            )
        else:
            named = parameter if parameter in NUMBERED else word[1] if word else parameter
            row = place.rows[NUMBERED[named]]
            choices.append([row.number if parameter == "number" else row.pk])
    return [dict(zip(parameters, filled, strict=True)) for filled in product(*choices)]
