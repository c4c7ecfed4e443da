"""`make bench`: every subject on servers of its own, one after the other, then one table.

Fails only where something measured did not do its work right; figures that fall short do not fail.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from benchmarks import (
    activity_export,
    activity_figures,
    board,
    bookings,
    check_ins,
    closing,
    closure,
    evidence,
    ledger,
    messages,
    months,
    roster_import,
    search,
    subsidy_desk,
    subsidy_drafting,
    weighing,
)
from benchmarks.figures import Broken, Figure, print_table
from benchmarks.house import House, opened
from dev.temporary import TemporaryServers

SUBJECTS: Mapping[str, Callable[[House], list[Figure]]] = {
    "check-ins": check_ins.run,
    "bookings": bookings.run,
    "board": board.run,
    "closing": closing.run,
    "months": months.run,
    "evidence": evidence.run,
    "weighing": weighing.run,
    "roster": roster_import.run,
    "ledger": ledger.run,
    "messages": messages.run,
    "closure": closure.run,
    "activity export": activity_export.run,
    "search": search.run,
    "activity figures": activity_figures.run,
    "subsidy drafting": subsidy_drafting.run,
    "subsidy desk": subsidy_desk.run,
}


def main(names: list[str]) -> int:
    """Measure the subjects of these names, or all."""
    if unknown := set(names) - SUBJECTS.keys():
        print(f"No such subject: {', '.join(sorted(unknown))}. There are {', '.join(SUBJECTS)}.", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    with TemporaryServers(durable=True) as servers:
        for name in names or SUBJECTS:
            print(f"measuring {name} …", file=sys.stderr)
            try:
                with opened(servers) as house:
                    figures += SUBJECTS[name](house)
            except Broken as error:
                print(f"{name} is broken: {error}", file=sys.stderr)
                return 1
    print_table(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
