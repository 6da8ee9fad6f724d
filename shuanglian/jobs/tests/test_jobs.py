"""Background work: seen, cancelled, retried; its file is the asker's alone (issue 2 D, G)."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.core.clock import now
from shuanglian.jobs import files
from shuanglian.jobs.actions import jobs, sweeping
from shuanglian.jobs.models import Job
from shuanglian.kernel.refusal import Refusal
from shuanglian.trail.models import Entry

from . import kinds  # noqa: F401 - registers them


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def clerk(db):
    return UserFactory(username="clerk", area=gansu().county)


def order(by, kind="test.count", **params):
    return jobs.start(kind=kind, title="数数", params=params or {"to": 3}, by=by, at=now(), area_code="621121000000")


def waiting_orders():
    return list(ProcrastinateJob.objects.filter(task_name="jobs.run", status="todo").values_list("args", flat=True))


def test_work_is_put_on_the_queue_within_the_transaction(clerk):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        order(clerk)
        raise ZeroDivisionError
    assert waiting_orders() == [] and not Job.objects.exists()
    job = order(clerk)
    assert waiting_orders() == [{"job_id": job.pk}]


def test_work_of_a_kind_that_nobody_knows_is_refused(clerk):
    with pytest.raises(Refusal, match="unknown_work"):
        order(clerk, kind="no.such")


def test_finished_work_has_its_result_its_progress_and_its_lines_in_the_trail(clerk):
    job = jobs.run_now(order(clerk, to=5))
    assert (job.state, job.result, job.done, job.total, job.share) == ("done", {"counted": 5}, 5, 5, 100)
    with translation.override("zh-hans"):
        assert job.words == "已处理 5 行"
    assert list(Entry.objects.filter(about=f"jobs.job:{job.pk}").order_by("number").values_list("verb", flat=True)) == [
        "jobs.start", "jobs.done",
    ]  # fmt: skip


def test_the_result_file_is_encrypted_and_readable_by_this_account_only(clerk):
    job = jobs.run_now(order(clerk))
    path = Path(django_settings.MEDIA_ROOT) / job.file
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert "数到头了".encode() not in path.read_bytes() and "结果" not in job.file
    assert files.fetch(job.file).decode() == "数到头了"


def test_a_path_outside_the_folder_is_not_opened(db):
    with pytest.raises(ValueError, match="outside"):
        files.fetch("../../etc/passwd")


def test_refused_work_says_why_and_leaves_neither_changes_nor_files(clerk):
    job = jobs.run_now(order(clerk, kind="test.refuse"))
    assert (job.state, job.words, job.file) == ("failed", "没有名额", "")
    clerk.refresh_from_db()
    assert clerk.full_name != "changed"
    assert not [path for path in Path(django_settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_broken_work_is_told_in_plain_words_and_the_details_go_to_the_log(clerk, caplog):
    job = jobs.run_now(order(clerk, kind="test.break"))
    assert job.state == "failed" and "secret_table" not in job.words and str(job.pk) in job.words
    assert "secret_table_of_nobody" in caplog.text
    clerk.refresh_from_db()
    assert clerk.full_name != "changed"


def test_waiting_work_is_cancelled_at_once_and_running_work_at_its_next_step(clerk):
    job = jobs.cancel(job=order(clerk), by=clerk, at=now())
    assert job.state == "cancelled"
    jobs.perform(job.pk)
    job.refresh_from_db()
    assert job.state == "cancelled"
    running = order(clerk)
    Job.objects.filter(pk=running.pk).update(cancel_asked=True, state="running")
    assert jobs.run_now(running).state == "cancelled"
    with pytest.raises(Refusal, match="job_is_over"):
        jobs.cancel(job=running, by=clerk, at=now())


def test_failed_work_is_begun_anew_with_the_same_parameters(clerk):
    job = jobs.run_now(order(clerk, kind="test.refuse"))
    Job.objects.filter(pk=job.pk).update(kind="test.count", params={"to": 2})
    job = jobs.retry(job=job, by=clerk, at=now())
    assert (job.state, job.attempts, waiting_orders()[-1]) == ("waiting", 0, {"job_id": job.pk})
    assert jobs.run_now(job).state == "done"
    with pytest.raises(Refusal, match="job_not_failed"):
        jobs.retry(job=job, by=clerk, at=now())


def test_the_asker_fetches_the_file_and_the_fetch_is_written_down(client, clerk):
    job = jobs.run_now(order(clerk))
    client.force_login(clerk)
    answer = client.get(reverse("jobs:file", args=[job.pk]))
    assert answer.content.decode() == "数到头了"
    assert (
        "no-store" in answer["Cache-Control"]
        and "filename*=UTF-8''%E7%BB%93%E6%9E%9C.txt" in answer["Content-Disposition"]
    )
    assert Entry.objects.filter(verb="jobs.fetch", about=f"jobs.job:{job.pk}", by_id=clerk.pk).exists()


@pytest.mark.parametrize("name", ["detail", "progress", "cancel", "retry", "file"])
def test_other_peoples_work_does_not_exist_not_even_for_the_neighbour_at_the_next_desk(client, clerk, name):
    job = jobs.run_now(order(clerk))
    client.force_login(UserFactory(area=clerk.area))
    for verb in (client.get, client.post):
        assert verb(reverse(f"jobs:{name}", args=[job.pk])).status_code in {404, 405}
    assert client.get("/jobs/").context["page"].rows == []


def test_who_has_lost_right_or_area_does_not_get_the_file_any_more(client, clerk):
    job = jobs.run_now(order(clerk))
    client.force_login(clerk)
    type(clerk).objects.filter(pk=clerk.pk).update(role="leader")
    assert client.get(reverse("jobs:file", args=[job.pk])).status_code == 403
    type(clerk).objects.filter(pk=clerk.pk).update(role="programme_office", area=gansu().neighbour)
    assert client.get(reverse("jobs:file", args=[job.pk])).status_code == 404


def test_pages_show_progress_and_offer_what_can_be_done(client, clerk):
    client.force_login(clerk)
    job = order(clerk)
    waiting = client.get(reverse("jobs:detail", args=[job.pk])).content.decode()
    assert "every 2s" in waiting and "取消任务" in waiting
    client.post(reverse("jobs:cancel", args=[job.pk]))
    part = client.post(reverse("jobs:retry", args=[job.pk]), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "every 2s" in part
    jobs.run_now(job)
    over = client.get(reverse("jobs:progress", args=[job.pk]), {"reload": "1"})
    assert over["HX-Refresh"] == "true" and "every 2s" not in over.content.decode()
    assert "结果.txt" in client.get("/jobs/").content.decode()


def test_result_files_go_after_their_days_and_strays_too(client, clerk):
    job = jobs.run_now(order(clerk))
    stray = Path(django_settings.MEDIA_ROOT) / files.store(b"stray")
    assert sweeping.clear_files(older_than=timedelta(days=30), at=now()) == 0
    os.utime(stray, (0, 0))
    later = now() + timedelta(days=31)
    assert sweeping.clear_files(older_than=timedelta(days=30), at=later) == 2
    job.refresh_from_db()
    assert job.file == "" and not stray.exists()
    client.force_login(clerk)
    assert client.get(reverse("jobs:file", args=[job.pk])).status_code == 404


def test_a_page_orders_work_under_its_own_bounds(client, clerk):
    """The application role may put work on the queue and see its own, nothing else."""
    from shuanglian.core import scoping

    with scoping.scoped("621121", clerk.pk):
        job = order(clerk)
        assert list(Job.objects.all()) == [job]
        jobs.cancel(job=job, by=clerk, at=now())
    with scoping.scoped("621122", clerk.pk + 1):
        assert not Job.objects.exists()
    assert connection.in_atomic_block


def test_old_orders_leave_the_queues_table_and_standing_ones_stay(clerk):
    over, standing = order(clerk), order(clerk)
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing' where args->>'job_id' = %s", [str(over.pk)])
    assert sweeping.clear_orders(older_than=timedelta(days=7), at=now()) == 0
    assert sweeping.clear_orders(older_than=timedelta(days=7), at=now() + timedelta(days=8)) == 1
    assert waiting_orders() == [{"job_id": standing.pk}]
