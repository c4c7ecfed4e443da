"""`python -m dev setup [run|test]` makes the checkout ready, `… run` runs everything, `… check` checks it."""

from __future__ import annotations

import sys

from dev import leftovers, setup
from dev.lock import only_run
from dev.ports import Ports
from dev.refusal import Refusal, in_a_sentence


def main(arguments: list[str]) -> int:
    """Do what the arguments say; whatever stands in the way becomes one sentence and a status of 1."""
    try:
        match arguments:
            case ["setup"]:
                setup.refuse_missing_tools()
                setup.install_packages()
            case ["setup", "run"]:
                _set_up_run()
            case ["setup", "test"]:
                _set_up_test()
            case ["run"]:
                return _run()
            case ["check"]:
                return _check()
            case _:
                raise Refusal("Usage: python -m dev setup [run|test] | run | check")
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as error:
        print(in_a_sentence(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _set_up_run() -> None:
    """Refuse what is bound to fail before a minute is spent on installing."""
    setup.refuse_missing_tools()
    with only_run():
        leftovers.end()
        Ports.from_environment().refuse_busy()
    setup.install_packages()
    if setup.why_no_preview() is None:
        setup.install_preview()


def _set_up_test() -> None:
    setup.refuse_missing_tools()
    setup.install_browser()
    setup.install_packages()
    why_not = setup.why_no_preview()
    if why_not is not None:
        raise Refusal(
            f"The tests of the mini-program need Node 20 with npm, and {why_not}: install it and start again."
        )
    setup.install_preview()


def _check() -> int:
    from dev.check import check  # noqa: PLC0415 - needs what `setup` installs

    return check()


def _run() -> int:
    # These need what `setup` installs.
    from dev.processes import Plan  # noqa: PLC0415
    from dev.supervisor import Supervisor  # noqa: PLC0415

    with only_run():
        if leftovers.end():
            print("Ended what an earlier run had left behind.", flush=True)
        why_no_preview = setup.why_no_preview()
        plan = Plan.make(with_preview=why_no_preview is None)
        plan.ports.refuse_busy()
        for server in (plan.postgres, plan.valkey):
            if server is not None:
                server.prepare()
        if why_no_preview:
            print(f"The mini-program's preview is left out: {why_no_preview}.", flush=True)
        return Supervisor(plan).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
