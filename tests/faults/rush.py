"""Two hundred people who want one of fifty places the moment they are released, over a bad network."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

import aiohttp
from sqlalchemy import insert

from backend.domain.accounts.models import Account, Session
from backend.domain.accounts.rules import SessionKind, compose_token, new_secret, secret_hash
from backend.domain.patients.models import Patient, PatientLink
from backend.domain.patients.rules import IdentityKind, Relation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.ids import new_id
from tests.faults.rush_history import Event

_PATIENCE = 60  # seconds, for an answer that is waited for
_AGAIN = ("not_released", "conflict", "unavailable")  # refusals after which a phone asks again with the same key


@dataclass(frozen=True)
class Client:
    """A phone, and the patient for whom it books."""

    number: int
    patient_id: UUID
    token: str


def make_clients(count: int, *, relatives: int) -> list[Client]:
    """Make so many phones, of which the last few book for the patients of the first few, unknown to each other."""
    patients = [new_id() for _ in range(count - relatives)]
    accounts, sessions = ([new_id() for _ in range(count)] for _ in range(2))
    secrets = [new_secret() for _ in range(count)]
    whose = [patients[number % len(patients)] for number in range(count)]
    until = clock.now() + timedelta(days=1)
    rows: list[tuple[type, list[dict[str, object]]]] = [
        (Patient, [_patient(patient_id, number) for number, patient_id in enumerate(patients)]),
        (Account, [{"id": key, "wechat_app_id": "wx0", "openid": key.hex} for key in accounts]),
        (
            PatientLink,
            [
                {"id": new_id(), "account_id": account, "patient_id": patient, "relation": Relation.RELATIVE}
                for account, patient in zip(accounts, whose, strict=True)
            ],
        ),
        (
            Session,
            [
                {
                    "id": session,
                    "kind": SessionKind.PHONE,
                    "account_id": account,
                    "access_hash": secret_hash(secret),
                    "access_expires_at": until,
                    "refresh_expires_at": until,
                }
                for session, account, secret in zip(sessions, accounts, secrets, strict=True)
            ],
        ),
    ]
    for table, values in rows:
        db.session.execute(insert(table), values)
    db.session.commit()
    tokens = [compose_token(session, secret) for session, secret in zip(sessions, secrets, strict=True)]
    return [Client(number, whose[number], tokens[number]) for number in range(count)]


def _patient(patient_id: UUID, number: int) -> dict[str, object]:
    return {
        "id": patient_id,
        "name": f"村民{number}",
        "identity_kind": IdentityKind.SOCIAL_SECURITY_CARD,
        "identity_number": b"-",
        "identity_hash": patient_id.bytes,
    }


def run_rush(url: str, clinic_id: UUID, clients: list[Client], seed: int) -> list[Event]:
    """Let all of them ask at once; return the history."""
    history: list[Event] = []

    async def run() -> None:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(url, connector=connector) as session:
            asking = (_Asking(session, clinic_id, client, seed, history).run() for client in clients)
            await asyncio.gather(*asking)

    asyncio.run(run())
    return history


class _Asking:
    """One client's requests; what it does when is the seed's."""

    def __init__(
        self, session: aiohttp.ClientSession, clinic_id: UUID, client: Client, seed: int, history: list[Event]
    ) -> None:
        self._session, self._client, self._history = session, client, history
        self._body = {"clinic_id": str(clinic_id), "patient_id": str(client.patient_id)}
        self._random = Random(f"{seed}:{client.number}")
        self._key = f"rush-{seed}-{client.number}-0"

    async def run(self) -> None:
        await asyncio.sleep(self._random.uniform(0, 0.2))
        while not await self._press():
            await asyncio.sleep(self._random.uniform(0, 0.1))
        if self._random.random() < 0.25:  # the answer is there, and all the same the button is pressed once more
            await self._press()
        elif self._random.random() < 0.25:
            self._key += "-again"  # as if it were another wish
            await self._press()

    async def _press(self) -> bool:
        """Send the request, perhaps twice, perhaps without the patience to wait; tell whether it was decided."""
        impatience = self._random.choice((0.02, 0.08, _PATIENCE, _PATIENCE))
        times = 2 if self._random.random() < 0.2 else 1
        return any(await asyncio.gather(*(self._send(impatience) for _ in range(times))))

    async def _send(self, patience: float) -> bool:
        self._note("invoke")
        headers = {"Authorization": f"Bearer {self._client.token}", "Idempotency-Key": self._key}
        timeout = aiohttp.ClientTimeout(total=patience)
        try:
            async with self._session.post(
                "/api/v1/bookings", json=self._body, headers=headers, timeout=timeout
            ) as response:
                answer = await response.json()
        except (TimeoutError, aiohttp.ClientError):
            self._note("unknown")
            return False
        if response.status < 300:
            self._note("ok", booking=answer["id"], number=answer["number"])
            return True
        error = answer["error"]
        if error["code"] in _AGAIN:
            self._note("again", code=error["code"])
            return False
        self._note("refused", code=error["code"], waitlist="waitlist" in error.get("fields", {}))
        return True

    def _note(self, kind: str, **what: object) -> None:
        patient = str(self._client.patient_id)
        self._history.append(
            Event(at=time.monotonic(), client=self._client.number, patient=patient, kind=kind, **what)  # type: ignore[arg-type]
        )
