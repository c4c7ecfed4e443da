"""Is it a workbook, and a harmless one? Looks into the zip before anything unpacks it whole.

calamine lays a sheet out as a dense table, reads formulas as their last value (or 0), and says nothing of errors in
cells: one stray cell at XFD1048576, or a formula never computed, must be seen in the XML before.
"""

from __future__ import annotations

import codecs
import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from backend.foundation.workbooks.errors import (
    WorkbookDamaged,
    WorkbookEmpty,
    WorkbookIsText,
    WorkbookOld,
    WorkbookProtected,
    WorkbookTooLarge,
    WorkbookUnreadable,
)

MAXIMUM_FILE_BYTES = 20 * 1024 * 1024
MAXIMUM_ROWS = 100_100  # 100,000, and what stands above and below them
MAXIMUM_COLUMNS = 60
_MAXIMUM_UNPACKED_BYTES = 300 * 1024 * 1024
_MAXIMUM_MEMBERS = 2000
_MAXIMUM_ODD_CELLS = 5000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK = "xl/workbook.xml"
_CHUNK = 1 << 16

Cell = tuple[int, int]  # row and column, both from 1
Area = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass
class SheetShape:
    """What is in a sheet besides its values."""

    rows: int = 0  # the last one with a value
    columns: int = 0
    formulas: set[Cell] = field(default_factory=set)
    failures: set[Cell] = field(default_factory=set)  # #N/A, #REF! …
    merged: list[Area] = field(default_factory=list)
    counts_from_1904: bool = False  # the workbook's days, as Excel on old Macs counted them

    @property
    def fits(self) -> bool:
        return self.rows <= MAXIMUM_ROWS and self.columns <= MAXIMUM_COLUMNS


def look_into_container(content: bytes) -> dict[str, zipfile.ZipInfo]:
    """Return the members of an .xlsx by name, after a look at its beginning and its directory only.

    Raises:
        WorkbookUnreadable: a subclass that says what it is instead.
    """
    if not content:
        raise WorkbookEmpty
    if len(content) > MAXIMUM_FILE_BYTES:
        raise WorkbookTooLarge
    if content.startswith(_OLE):
        raise WorkbookProtected if "EncryptedPackage".encode("utf-16-le") in content else WorkbookOld
    if not content.startswith(b"PK"):
        raise _unknown(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error):
        raise WorkbookDamaged from None
    members = {info.filename: info for info in infos}
    if len(infos) > _MAXIMUM_MEMBERS or sum(info.file_size for info in infos) > _MAXIMUM_UNPACKED_BYTES:
        raise WorkbookTooLarge
    if len(members) != len(infos) or any(info.compress_type not in (0, 8) for info in infos):
        raise WorkbookDamaged
    if any(info.flag_bits & 1 for info in infos):
        raise WorkbookProtected
    if _WORKBOOK not in members:
        raise WorkbookOld if {"xl/workbook.bin", "mimetype"} & members.keys() else WorkbookUnreadable
    return members


def _unknown(content: bytes) -> WorkbookUnreadable:
    for encoding in ("utf-8", "gb18030", "utf-16"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(content[:4096])  # the end may cut a character
        except UnicodeDecodeError:
            continue
        if sum(character.isprintable() or character.isspace() for character in text) >= 0.95 * len(text):
            return WorkbookIsText()
    return WorkbookUnreadable()


def examine_sheets(content: bytes) -> dict[str, SheetShape]:
    """Return the shape of each worksheet by its name; every member has been unpacked once, within its bounds.

    Raises:
        WorkbookUnreadable: a subclass that says why.
    """
    members = look_into_container(content)
    paths, counts_from_1904 = _sheet_paths(content, members)
    shapes = {}
    for name, path in paths.items():
        scanner = _SheetScanner()
        _parse(content, members[path], scanner.parser)
        shapes[name] = scanner.shape
        shapes[name].counts_from_1904 = counts_from_1904
    for path, info in members.items():
        if path not in paths.values():
            for _ in _unpacked(content, info):
                pass
    return shapes


def _sheet_paths(content: bytes, members: dict[str, zipfile.ZipInfo]) -> tuple[dict[str, str], bool]:
    """Return the member of each sheet by its name, and whether the workbook counts days from 1904."""
    relations: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []
    properties: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            relations[attributes.get("Id", "")] = posixpath.normpath(
                posixpath.join("/xl", attributes.get("Target", ""))
            ).lstrip("/")

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            identifier = next((value for key, value in attributes.items() if _local(key) == "id"), "")
            sheets.append((attributes.get("name", ""), identifier))
        elif _local(name) == "workbookPr":
            properties.update(attributes)

    for path, handler in (("xl/_rels/workbook.xml.rels", relation), (_WORKBOOK, sheet)):
        if path not in members:
            raise WorkbookDamaged
        parser = _new_parser()
        parser.StartElementHandler = handler
        _parse(content, members[path], parser)
    found = {name: relations[identifier] for name, identifier in sheets if identifier in relations}
    if any(path not in members for path in found.values()):
        raise WorkbookDamaged
    return found, properties.get("date1904") in ("1", "true")


class _SheetScanner:
    """Follows the cells of a sheet's XML; `r` may be missing, then cells follow each other."""

    def __init__(self) -> None:
        self.shape = SheetShape()
        self.parser = _new_parser()
        self.parser.StartElementHandler = self._start
        self._row = 0
        self._column = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _local(name)
        if tag == "c":
            self._begin_cell(attributes)
        elif tag in ("v", "is"):
            self._fill()
        elif tag == "f":
            self._fill()
            self._note(self.shape.formulas)
        elif tag == "row":
            self._row = (
                int(attributes["r"]) if attributes.get("r", "").isascii() and "r" in attributes else self._row + 1
            )
            self._column = 0
        elif tag == "mergeCell":
            self.shape.merged.append(_area(attributes.get("ref", "")))
            if len(self.shape.merged) > _MAXIMUM_ODD_CELLS:
                raise WorkbookTooLarge

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            self._row, self._column = _cell(reference)
        if attributes.get("t") == "e":
            self._note(self.shape.failures)

    def _fill(self) -> None:
        self.shape.rows = max(self.shape.rows, self._row)
        self.shape.columns = max(self.shape.columns, self._column)

    def _note(self, cells: set[Cell]) -> None:
        if len(cells) < _MAXIMUM_ODD_CELLS:
            cells.add((self._row, self._column))


def _new_parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype  # no entities, no bombs made of them
    return parser


def _refuse_doctype(*_: object) -> None:
    raise WorkbookDamaged


def _parse(content: bytes, info: zipfile.ZipInfo, parser: expat.XMLParserType) -> None:
    try:
        for chunk in _unpacked(content, info):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, KeyError):
        raise WorkbookDamaged from None


def _unpacked(content: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a member in pieces; what unpacks to another size than its directory says is refused."""
    offset = info.header_offset
    if content[offset : offset + 4] != b"PK\x03\x04" or len(content) < offset + 30:
        raise WorkbookDamaged
    name_length, extra_length = struct.unpack_from("<HH", content, offset + 26)
    start = offset + 30 + name_length + extra_length
    packed = content[start : start + info.compress_size]
    if info.compress_type == zipfile.ZIP_STORED:
        if len(packed) != info.file_size:
            raise WorkbookDamaged
        yield packed
        return
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    left = info.file_size
    try:
        while not unpacker.eof:
            chunk = unpacker.decompress(packed, _CHUNK)
            packed = unpacker.unconsumed_tail
            left -= len(chunk)
            if left < 0 or (not chunk and not unpacker.eof):
                raise WorkbookDamaged
            yield chunk
    except zlib.error:
        raise WorkbookDamaged from None
    if left:
        raise WorkbookDamaged


def _local(name: str) -> str:
    return name if ":" not in name else name.rpartition(":")[2]


def _cell(reference: str) -> Cell:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    if not letters.isalpha() or not letters.isupper() or len(letters) > 3:
        raise WorkbookDamaged
    return int(reference[len(letters) :]), column


def _area(reference: str) -> Area:
    first, _, last = reference.partition(":")
    return *_cell(first), *_cell(last or first)


def column_letter(column: int) -> str:
    """Return Excel's letters of a column counted from 1."""
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(65 + place) + letters
    return letters
