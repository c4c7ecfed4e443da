"""The table of kinds: whole in itself, and as the document says."""

from __future__ import annotations

import pytest

from backend.domain.activities.rules.fields import FieldKind
from backend.domain.activities.rules.kinds import KINDS, PROOF_LABELS, ActivityKind, KindEntry
from dev.places import ROOT

ENTRIES = list(KINDS.values())


def test_every_kind_has_its_entry() -> None:
    assert set(KINDS) == set(ActivityKind)
    assert len({entry.label for entry in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.kind)
def test_what_an_entry_names_are_fields_of_its_own(entry: KindEntry) -> None:
    fields = {field.name: field for field in entry.fields}
    assert len(fields) == len(entry.fields)
    for name in (*entry.quantity, *filter(None, [entry.person_times])):
        assert fields[name].kind is FieldKind.COUNT
        assert not fields[name].clinical
    if entry.title:
        assert fields[entry.title].required
        assert not fields[entry.title].clinical
    for field in entry.fields:
        assert bool(field.choices) == (field.kind is FieldKind.CHOICE)


def test_no_word_of_an_old_ledger_names_two_kinds() -> None:
    words = [word for entry in ENTRIES for word in (entry.label, *entry.words)]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.kind)
def test_the_document_says_of_a_kind_what_the_table_says(entry: KindEntry) -> None:
    text = (ROOT / "docs" / "activities.md").read_text(encoding="utf-8")
    quantity = " + ".join(entry.field(name).label for name in entry.quantity) or "each record is one"
    reached = entry.field(entry.person_times).label if entry.person_times else ""
    proofs = "、".join(PROOF_LABELS[proof] for proof in entry.proofs)
    assert f"| {entry.label} | `{entry.kind}` | {entry.unit} | {quantity} | {reached} | {proofs} |" in text
