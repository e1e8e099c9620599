"""``motcua init``."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.catalogue_files import load_workspace_catalogue
from pipelines.cli.root import workspace_option
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.errors import ConfigurationError
from pipelines.workspace import Workspace
from transforms.catalogue.load import CatalogueError
from transforms.catalogue.units_file import read_units_file

_SETTINGS = """# Cấu hình của thư mục làm việc. Bỏ dấu # ở đầu dòng để thay giá trị mặc định.
# basis = "nd09"                                       # kỳ theo Nghị định 09/2019/NĐ-CP; "lich" là theo dương lịch
# period_kinds = ["month", "nine_months", "year"]      # các loại kỳ được viết dự thảo mỗi đêm
# rulebook = "tt01"                                    # quy tắc đếm
# read_tasks = 2                                       # số tệp đọc cùng lúc
# stable_seconds = 0.2                                 # thời gian chờ để biết tệp đã chép xong
# keep_days = 30                                       # số ngày giữ tệp bị từ chối
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
    click.echo(
        f"Đã tạo thư mục làm việc {workspace} cho {len(catalogue.units)} đơn vị. "
        f"Hãy đặt tệp kết xuất vào {space.inbox}/<mã đơn vị>/ rồi chạy: motcua nightly --workspace {workspace}"
    )
    click.echo(
        "Số hồ sơ kỳ trước chuyển sang: không có dữ liệu cho đến khi tệp của đơn vị chứa các hồ sơ đó."
    )
