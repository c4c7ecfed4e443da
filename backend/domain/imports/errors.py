"""Situations in which an import cannot go on."""

from __future__ import annotations

from backend.foundation.errors import Conflict, NotFound


class ImportNotFound(NotFound):
    """There is no such import of the actor's organisation."""

    code = "import_not_found"
    message = "没有找到这次导入，请返回列表重新选择。"


class ImportState(Conflict):
    """The import does not stand where this can be done."""

    code = "import_state"
    message = "这次导入当前不能确认：可能尚未检查完、存在错误、已经导入或已过期。请刷新后再看。"


class ImportNotWithdrawable(Conflict):
    """What it brought cannot be taken back as a whole."""

    code = "import_not_withdrawable"
    message = "这次导入不能撤回：只有已经写入的工作台账可以撤回。请刷新后再看。"


class ChangedMeanwhile(Conflict):
    """Somebody changed the same rows between the check and the writing."""

    code = "import_changed_meanwhile"
    message = "导入期间有人修改了同样的数据，本次未写入任何内容。请重新导入。"
