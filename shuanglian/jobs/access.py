"""The gate to one job: whoever asked for it; for others it does not exist."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import may, sees

from .models import Job
from .work import _kinds


def own_job(actor: User, job_id: int) -> Job:
    """The actor's own job; 404 for anybody else's."""
    job = Job.objects.filter(pk=job_id, by=actor).first()
    if job is None:
        raise Http404(_("没有这个任务。"))
    return job


def job_with_file(actor: User, job_id: int) -> Job:
    """The actor's own job whose file the actor may fetch now: right and area are asked again at this moment."""
    job = own_job(actor, job_id)
    kind = _kinds.get(job.kind)
    if kind is None or (kind.permission and not may(actor, kind.permission)):
        raise PermissionDenied(_("您的角色已没有下载这个文件的权限。"))
    if job.area_code and not sees(actor, job.area_code):
        raise Http404(_("没有这个任务。"))
    if job.state != Job.State.DONE or not job.file_name:
        raise Http404(_("这个任务没有结果文件。"))
    return job
