"""Planning organisations, their sites, and the departments that other rows name."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from backend.domain.imports.queries.existing import KnownSite, load_departments, load_sites
from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.rules.findings import Finding
from backend.domain.imports.rules.rows import OrganisationRow, Row, SiteRow
from backend.domain.imports.service.authority import Authority
from backend.domain.imports.service.directory import Directory, Place
from backend.domain.imports.service.plan import Planning, Values
from backend.domain.organisations.rules.places import Point, point_from
from backend.foundation.ids import new_id

RADIUS_UNLESS_TOLD_M = 300
_NOT_YOURS = (
    "这家机构不归本单位管理，只能原样保留。请恢复原来的内容或删除这一行；确需修改请联系该单位或上级卫生健康局。"
)


class PlacePlanner:
    """Plans 机构 and 派驻点."""

    def __init__(self, planning: Planning, directory: Directory, authority: Authority) -> None:
        self._planning = planning
        self._findings = planning.findings
        self._plan = planning.plan
        self._directory = directory
        self._authority = authority
        self.sites: dict[UUID, dict[str, UUID]] = {}
        self._departments: dict[tuple[UUID, str], UUID] = {}

    def plan_organisations(self, rows: list[OrganisationRow]) -> None:
        """Compare 机构 with the database; parents may stand below their children in the sheet."""
        seen: dict[UUID, OrganisationRow] = {}
        placed: list[tuple[OrganisationRow, Place]] = []
        for row in rows:
            place = self._directory.find(row.code) or self._new_place(row)
            if place.id in seen:
                message = f"机构代码与{seen[place.id].where}重复，请删除其中一行。"
                self._findings.error(row.finding("organisation_twice", message, "code"))
                continue
            seen[place.id] = row
            placed.append((row, place))
        for row, place in placed:
            self._place_under_parent(row, place)
        for row, place in placed:
            self._refuse_circle(row, place)
            self._compare_organisation(row, place)
        self._planning.tick(len(rows))

    def _new_place(self, row: OrganisationRow) -> Place:
        if not row.code.isascii():
            self._findings.error(row.finding("code_invalid", "机构代码只能由字母、数字和 - . / 组成。", "code"))
        if row.kind is None and not row.broken:
            self._findings.error(row.finding("organisation_kind_missing", "新机构必须填写类型。", "kind"))
        place = Place(new_id(), row.code, row.name, row.kind, None)
        self._directory.add(place)
        return place

    def _place_under_parent(self, row: OrganisationRow, place: Place) -> None:
        if row.parent_code is None:
            return
        parent = self._directory.find(row.parent_code)
        if parent is None:
            message = f"没有代码为“{row.parent_code}”的上级机构，请核对，或在机构表中补上。"
            self._findings.error(row.finding("parent_unknown", message, "parent_code"))
        elif parent is place:
            self._findings.error(row.finding("parent_is_itself", "上级机构不能是自己，请改正或清空。", "parent_code"))
        else:
            place.parent_id = parent.id

    def _refuse_circle(self, row: OrganisationRow, place: Place) -> None:
        *_, top = self._directory.line_of(place)
        if top.parent_id is not None:
            chain = " → ".join(above.code for above in self._directory.line_of(place))
            message = f"上级关系成了一个圈（{chain}），请改正上级机构代码。"
            self._findings.error(row.finding("parent_circle", message, "parent_code"))

    def _compare_organisation(self, row: OrganisationRow, place: Place) -> None:
        known = place.known
        values: Values = {
            "name": row.name or (known.name if known else ""),
            "kind": row.kind or (known.kind if known else None),
            "level": row.level if row.level is not None else (known.level if known else ""),
            "parent_id": place.parent_id,
            "address": row.address if row.address is not None else (known.address if known else ""),
            "telephone": row.telephone if row.telephone is not None else (known.telephone if known else ""),
        }
        counts = self._plan.counts[SheetKind.ORGANISATIONS]
        if known is None:
            counts.created += 1
            self._plan.organisations.append({"id": place.id, "code": place.code, **values})
            allowed, message = (
                self._authority.may_add_organisation(place),
                ("不能新增这家机构：卫生健康局由上级导入，卫生健康局新增的机构须填写本局或下属机构为上级机构。"),
            )
        elif all(getattr(known, name) == value for name, value in values.items()):
            counts.unchanged += 1
            return
        else:
            counts.changed += 1
            place.name, place.kind = values["name"], values["kind"]
            self._plan.organisation_changes.append({"b_id": place.id, **values})
            allowed, message = self._authority.may_change_organisation(place), _NOT_YOURS
            if (known.kind, known.parent_id) != (values["kind"], values["parent_id"]):
                allowed = allowed and self._authority.may_restructure(place)
        if not allowed:
            self._findings.error(row.finding("not_yours", message, "code"))

    def plan_sites(self, rows: list[SiteRow], also_at: set[UUID]) -> None:
        """Compare 派驻点 with the database; `also_at`: other organisations whose sites the file may name."""
        places = {row.organisation_code: self._directory.find(row.organisation_code) for row in rows}
        known: dict[tuple[UUID, str], KnownSite] = {}
        for site in load_sites({place.id for place in places.values() if place} | also_at):
            known[site.organisation_id, site.name] = site
            self.sites.setdefault(site.organisation_id, {})[site.name] = site.id
        seen: dict[tuple[UUID, str], SiteRow] = {}
        for row in rows:
            place = places[row.organisation_code]
            if place is None:
                self._findings.error(unknown_organisation(row, row.organisation_code, "organisation_code"))
                continue
            key = (place.id, row.name)
            if key in seen:
                message = f"派驻点名称与{seen[key].where}重复，请删除其中一行或改名。"
                self._findings.error(row.finding("site_twice", message, "name"))
                continue
            seen[key] = row
            self._compare_site(row, place, known.get(key))
        self._planning.tick(len(rows))

    def _compare_site(self, row: SiteRow, place: Place, known: KnownSite | None) -> None:
        site_id = known.id if known else new_id()
        self.sites.setdefault(place.id, {})[row.name] = site_id
        point = self._point_of(row)
        radius = self._radius_of(row, known)
        if point is None or radius is None:
            return
        values: Values = {
            "longitude": Decimal(f"{point.longitude:.6f}"),
            "latitude": Decimal(f"{point.latitude:.6f}"),
            "radius_m": radius,
        }
        counts = self._plan.counts[SheetKind.SITES]
        if known is not None and all(getattr(known, name) == value for name, value in values.items()):
            counts.unchanged += 1
            return
        if known is None:
            counts.created += 1
            self._plan.sites.append({"id": site_id, "organisation_id": place.id, "name": row.name, **values})
        else:
            counts.changed += 1
            self._plan.site_changes.append({"b_id": site_id, **values})
        if not self._authority.may_change_organisation(place):
            self._findings.error(row.finding("not_yours", _NOT_YOURS, "organisation_code"))

    def _point_of(self, row: SiteRow) -> Point | None:
        system = row.system or row.layout.system
        if row.longitude is None or row.latitude is None or (system is None and row.broken):
            return None
        if system is None:
            message = "没有写明坐标系，请填写 GCJ-02（高德、腾讯地图）、WGS-84（GPS）或 BD-09（百度地图）。"
            self._findings.error(row.finding("coordinate_system_missing", message, "system"))
            return None
        if 3 <= row.longitude <= 54 and 73 <= row.latitude <= 136:
            message = "经度和纬度填反了，请对调。"
            self._findings.error(row.finding("coordinates_swapped", message, "longitude"))
            return None
        if not (73 <= row.longitude <= 136 and 3 <= row.latitude <= 54):
            message = "坐标不在中国境内（经度73至136，纬度3至54），请核对。"
            self._findings.error(row.finding("coordinates_outside", message, "longitude"))
            return None
        return point_from(row.longitude, row.latitude, system)

    def _radius_of(self, row: SiteRow, known: KnownSite | None) -> int | None:
        if row.radius_m is None:
            if known is not None or row.broken:
                return known.radius_m if known else None
            message = f"没有填写半径，按{RADIUS_UNLESS_TOLD_M}米导入。"
            self._findings.warn(row.finding("radius_by_default", message, "radius_m"))
            return RADIUS_UNLESS_TOLD_M
        if not 20 <= row.radius_m <= 5000:
            message = "半径须在20米至5000米之间（单位是米），请核对。"
            self._findings.error(row.finding("radius_out_of_range", message, "radius_m"))
            return None
        return round(row.radius_m)

    def load_departments(self, organisation_ids: set[UUID]) -> None:
        """Take up the departments of these organisations."""
        self._departments |= load_departments(organisation_ids)

    def department(self, organisation_id: UUID, name: str) -> UUID:
        """Return a department by name; one that is not there is made."""
        key = (organisation_id, name)
        if key not in self._departments:
            self._departments[key] = new_id()
            self._plan.departments.append(
                {"id": self._departments[key], "organisation_id": organisation_id, "name": name}
            )
        return self._departments[key]


def unknown_organisation(row: Row, code: str, of: str) -> Finding:
    """Return the finding that no organisation has this code."""
    message = f"没有代码为“{code}”的机构，请核对机构代码，或在机构表中补上这家机构。"
    return row.finding("organisation_unknown", message, of)
