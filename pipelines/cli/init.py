"""``motcua init``."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.catalogue_files import load_workspace_catalogue
from pipelines.cli.root import workspace_option
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.errors import ConfigurationError
from pipelines.workspace import Workspace
from transforms.canonical.corrections import CORRECTIONS_FILE
from transforms.catalogue.load import CatalogueError
from transforms.catalogue.officers import OFFICERS_FILE, OFFICERS_TEMPLATE
from transforms.catalogue.owners import OWNERS_FILE, build_owners_template
from transforms.catalogue.units_file import read_units_file

_SETTINGS = """# Cấu hình của thư mục làm việc. Bỏ dấu # ở đầu dòng để thay giá trị mặc định.
# basis = "nd09"                                       # kỳ theo Nghị định 09/2019/NĐ-CP; "lich" là theo dương lịch
# period_kinds = ["month", "nine_months", "year"]      # các loại kỳ được viết dự thảo mỗi đêm
# rulebook = "tt01"                                    # quy tắc đếm
# read_tasks = 2                                       # số tệp đọc cùng lúc
# stable_seconds = 0.2                                 # thời gian chờ để biết tệp đã chép xong
# alert_attempts = 8                                   # số lần thử gửi một tin nhắn trước khi bỏ
# keep_days = 30                                       # số ngày giữ tệp bị từ chối
"""


_CORRECTIONS = """# Sửa số liệu của từng hồ sơ, khi phần mềm của đơn vị không sửa được. Mỗi mục có người chịu trách nhiệm và lý do.
# Mục có hiệu lực với mọi tệp nhận về sau và với số liệu đã nhận; bỏ một mục thì các tệp nhận về sau được đọc nguyên như cũ.
# Kiểm tra tệp này bằng: motcua catalogue check. Bỏ dấu # ở đầu dòng để dùng; ghi giá trị trong dấu ngoặc kép.
#
# - match: {unit: "16204", kind: "Hồ sơ", Mã hồ sơ: "000.09.42.H56-210803-0001"}
#   column: "Ngày hẹn trả"
#   was: "31/09/2021"                 # đang ghi; ô trống thì ghi ""
#   set: "30/09/2021"                 # phải là
#   reason: "Ngày 31/09 không có thật, giấy hẹn ghi 30/09/2021"
#   owner: "Văn phòng HĐND và UBND"
#   date: "06/09/2021"
#
# - match: {unit: "16204", kind: "Hồ sơ", Mã hồ sơ: "000.09.42.H56-210803-0002"}
#   remove: true                      # hồ sơ lập để thử phần mềm, không tính
#   reason: "Hồ sơ lập khi tập huấn"
#   owner: "Văn phòng HĐND và UBND"
#   date: "06/09/2021"
"""


@click.command(cls=VietnameseCommand)
@click.option(
    "--units",
    "units_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    metavar="TỆP",
    help="Tệp CSV danh sách đơn vị: Mã đơn vị, Tên, Loại, Mã cấp trên, Mã định danh.",
)
@workspace_option
def init(units_file: Path, workspace: Path) -> None:
    """Tạo thư mục làm việc cho các đơn vị trong một danh sách.

    Mỗi đơn vị có một thư mục con trong inbox để đặt tệp kết xuất. Không ghi đè danh mục đã có.
    """
    space = Workspace(workspace)
    target = space.catalogue / "units.csv"
    if target.exists():
        raise ConfigurationError(
            f"Thư mục làm việc {workspace} đã có danh sách đơn vị {target}; hãy sửa trực tiếp tệp đó hoặc chọn thư mục khác bằng --workspace."
        )
    try:
        overlay = read_units_file(units_file.read_bytes(), units_file.name)
        space.create()
        target.write_bytes(overlay)
        try:
            catalogue = load_workspace_catalogue(space.catalogue)
        except CatalogueError:
            target.unlink()
            raise
    except CatalogueError as problem:
        raise ConfigurationError(
            "Danh sách đơn vị có lỗi, chưa tạo thư mục làm việc: " + " ".join(problem.problems[:5])
        ) from problem
    for unit in catalogue.units:
        (space.inbox / unit.code).mkdir(mode=0o700, exist_ok=True)
    settings = space.root / "motcua.toml"
    if not settings.exists():
        settings.write_text(_SETTINGS, encoding="utf-8")
    corrections = space.catalogue / CORRECTIONS_FILE
    if not corrections.exists():
        corrections.write_text(_CORRECTIONS, encoding="utf-8")
    owners = space.catalogue / OWNERS_FILE
    if not owners.exists():
        # With the mark that makes Excel read Vietnamese.
        owners.write_text(build_owners_template(catalogue.units), encoding="utf-8-sig")
    officers = space.catalogue / OFFICERS_FILE
    if not officers.exists():
        officers.write_text(OFFICERS_TEMPLATE, encoding="utf-8-sig")
    click.echo(
        f"Đã tạo thư mục làm việc {workspace} cho {len(catalogue.units)} đơn vị. "
        f"Hãy đặt tệp kết xuất vào {space.inbox}/<mã đơn vị>/ rồi chạy: motcua nightly --workspace {workspace}"
    )
    click.echo(
        "Số hồ sơ kỳ trước chuyển sang: không có dữ liệu cho đến khi tệp của đơn vị chứa các hồ sơ đó."
    )
