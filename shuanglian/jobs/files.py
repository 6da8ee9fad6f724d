"""Result files of jobs (see `core.sealed_files`)."""

from shuanglian.core.sealed_files import SealedFolder

_kept = SealedFolder("jobs")
store, fetch, remove, sweep = _kept.store, _kept.fetch, _kept.remove, _kept.sweep
