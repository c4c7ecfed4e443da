"""A small county: a bureau, a county hospital that supports two township hospitals, and another county apart."""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.accounts.models import Person
from backend.domain.organisations.models import Organisation, Site
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.foundation.actor import Actor, Role
from tests.support.factories import acting, make_organisation, make_person, make_site


@dataclass(frozen=True)
class County:
    """Organisations, one person an office, and a doctor."""

    bureau: Organisation
    hospital: Organisation
    township: Organisation
    other_township: Organisation
    foreign_hospital: Organisation
    site: Site
    doctor: Person
    medical_affairs: Person
    director: Person

    @property
    def office(self) -> Actor:
        """Medical affairs of the supporting hospital."""
        return acting(self.medical_affairs, Role.MEDICAL_AFFAIRS)

    @property
    def recipient(self) -> Actor:
        """The director of the township hospital."""
        return acting(self.director, Role.DIRECTOR)

    @property
    def visitor(self) -> Actor:
        """The doctor, in the role of one who is sent."""
        return acting(self.doctor, Role.STAFF)

    @property
    def overseer(self) -> Actor:
        """Somebody of the bureau."""
        return Actor(role=Role.BUREAU, organisation_id=self.bureau.id, channel="console")

    @property
    def stranger(self) -> Actor:
        """Medical affairs of a hospital in another county."""
        return Actor(role=Role.MEDICAL_AFFAIRS, organisation_id=self.foreign_hospital.id, channel="console")


def make_county() -> County:
    """Return the county, kept in the present session."""
    bureau = make_organisation("云岭县卫生健康局", kind=OrganisationKind.BUREAU)
    hospital = make_organisation("云岭县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL, parent=bureau)
    township = make_organisation("青石镇中心卫生院", parent=bureau)
    return County(
        bureau=bureau,
        hospital=hospital,
        township=township,
        other_township=make_organisation("元坝镇中心卫生院", parent=bureau),
        foreign_hospital=make_organisation("邻县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL),
        site=make_site(township),
        doctor=make_person(hospital, "吕芬春"),
        medical_affairs=make_person(hospital, "秦明永", roles=[Role.MEDICAL_AFFAIRS]),
        director=make_person(township, "郑明卫", roles=[Role.DIRECTOR]),
    )
