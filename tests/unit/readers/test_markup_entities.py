"""Entities, external files and the network: refused or without effect in every container made of markup."""

from __future__ import annotations

import io
import socket
import zipfile
from pathlib import Path

import pytest

from tests.support.container_files import ods_cell, ods_document, xml2003_document, zip_file
from tests.support.export_files import html_file, xlsx_file
from transforms.readers.model import UnreadableFileError
from transforms.readers.workbook import read_workbook

SECRET = "Bí mật mẫu 0001"
LAUGHS = (
    "<!DOCTYPE w ["
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    + "]>"
)


@pytest.fixture
def declarations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Document types that would grow without end, read a file of this machine, or go out to the network."""
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")

    def no_network(*_: object, **__: object) -> None:
        pytest.fail("a reader went out to the network")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    return {
        "laughs": LAUGHS.replace("<!DOCTYPE w", "<!DOCTYPE Workbook"),
        "file": f'<!DOCTYPE Workbook [<!ENTITY l9 SYSTEM "{secret.as_uri()}">]>',
        "network": '<!DOCTYPE Workbook SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY l9 SYSTEM "http://127.0.0.1:9/x">]>',
        "parameter": f'<!DOCTYPE Workbook [<!ENTITY % p SYSTEM "{secret.as_uri()}"> %p; <!ENTITY l9 "x">]>',
    }


KINDS = ("laughs", "file", "network", "parameter")


def _outcome(content: bytes) -> tuple[str, str]:
    """Refusal code, or "" and all text that was read."""
    try:
        workbook = read_workbook(io.BytesIO(content), "x")
    except UnreadableFileError as refusal:
        return refusal.code, ""
    return "", " ".join(str(row) for sheet in workbook.sheets for row in sheet.cells.to_pylist())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lead", ["", "<!-- x -->", "<?a b?>\n"])
def test_xml2003_with_a_document_type_is_refused(kind: str, lead: str, declarations: dict[str, str]) -> None:
    sheet = '<Worksheet ss:Name="A"><Table><Row><Cell><Data ss:Type="String">&l9;</Data></Cell></Row></Table></Worksheet>'
    assert _outcome(xml2003_document(sheet, lead + declarations[kind])) == ("file.xml.entities", "")


def test_xml2003_document_type_behind_a_very_long_comment_is_refused(declarations: dict[str, str]) -> None:
    content = xml2003_document("<Worksheet/>", f"<!--{'x' * 20_000}-->" + declarations["file"])
    code, _ = _outcome(content)
    assert code in ("file.xml.entities", "file.unknown_format")


def test_xml2003_entity_that_nothing_declares_is_refused() -> None:
    sheet = "<Worksheet><Table><Row><Cell><Data>&l9;</Data></Cell></Row></Table></Worksheet>"
    assert _outcome(xml2003_document(sheet)) == ("file.broken", "")


@pytest.mark.parametrize("kind", KINDS)
def test_ods_with_a_document_type_is_refused(kind: str, declarations: dict[str, str]) -> None:
    rows = f"<table:table-row>{ods_cell('a').replace('a<', '&l9;<')}</table:table-row>"
    content = ods_document(f'<table:table table:name="A">{rows}</table:table>', declarations[kind])
    assert _outcome(content) == ("file.xml.entities", "")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_xlsx_entities_have_no_effect(kind: str, part: str, declarations: dict[str, str]) -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_file({"A": [("Mã hồ sơ", "x")]}))) as whole:
        parts = {name: whole.read(name).decode() for name in whole.namelist()}
    head, _, body = parts[part].partition("?>")
    parts[part] = f"{head}?>{declarations[kind]}" + body.replace("<t>x</t>", "<t>&l9;</t>")
    code, text = _outcome(zip_file(parts))
    assert SECRET not in text
    assert "haha" not in text
    assert code in ("", "file.broken", "file.xml.entities")


@pytest.mark.parametrize("kind", KINDS)
def test_html_entities_have_no_effect(kind: str, declarations: dict[str, str]) -> None:
    for document_type in (declarations[kind], declarations[kind].replace("Workbook", "html")):
        code, text = _outcome(
            document_type.encode() + html_file((("Mã hồ sơ", "&l9;"),)).replace(b"&amp;", b"&")
        )
        assert SECRET not in text
        assert "haha" not in text
        assert code in ("", "file.broken", "file.xml.entities")


def test_html_document_types_of_old_pages_are_read() -> None:
    for document_type in (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/x.dtd">',
        "<!doctype HTML>",
    ):
        code, text = _outcome(
            document_type.encode() + b"<html><body>" + html_file((("a", "b"),)) + b"</body></html>"
        )
        assert (code, text) == ("", "{'c0': 'a', 'c1': 'b'}")


def test_html_pictures_frames_and_scripts_are_never_fetched(declarations: dict[str, str]) -> None:
    assert declarations
    page = (
        '<html><head><link rel="stylesheet" href="http://127.0.0.1:9/a.css"><script src="http://127.0.0.1:9/a.js">'
        '</script></head><body><img src="http://127.0.0.1:9/a.png"><iframe src="http://127.0.0.1:9/"></iframe>'
        "<table><tr><td>a</td></tr></table></body></html>"
    )
    assert _outcome(page.encode()) == ("", "{'c0': 'a'}")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_workbook_part_in_an_encoding_that_does_not_exist_is_refused_as_broken(part: str) -> None:
    whole = xlsx_file({"Sheet1": [["Mã hồ sơ", "Ngày nhận"], ["Mẫu 0001", "02/08/2021"]]})
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = parts[part].replace(b'encoding="UTF-8"', b'encoding="QTF-8"')
    with pytest.raises(UnreadableFileError) as refusal:
        read_workbook(io.BytesIO(zip_file(parts)), "mau.xlsx")
    assert refusal.value.code == "file.broken"
