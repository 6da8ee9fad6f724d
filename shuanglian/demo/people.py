"""Made-up people for the demo county: no name, number or phone belongs to anyone (the division 621199 does not exist)."""

from datetime import date, timedelta

import numpy as np

DIVISION = "621199"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
MALE = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆旭宁龙林欢江岩松峰亮东成康星光天荣庆福生根旺财贵祥"
FEMALE = "芳娜敏静秀丽艳霞燕玲娟英桂兰红梅莉萍云慧莹洁琳晶婷雪倩瑶怡颖菊香月凤巧春花淑珍琴蓉菲"
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK = "10X98765432"


class Names:
    """Draws names from a generator of its own, so that the county is the same every time."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def surnames(self, count: int) -> list[str]:
        return [SURNAMES[i] for i in self.rng.integers(0, len(SURNAMES), count)]

    def given(self, male: bool) -> str:
        pool = MALE if male else FEMALE
        letters = self.rng.integers(0, len(pool), 2)
        return "".join(pool[i] for i in letters[: 1 + int(self.rng.random() < 0.8)])


class Numbers:
    """Identity numbers with right check characters, none twice."""

    def __init__(self, division: str = DIVISION) -> None:
        self.division = division
        self.next_serial: dict[tuple[date, bool], int] = {}

    def identity(self, born: date, male: bool) -> str:
        serial = self.next_serial.get((born, male), 1 if male else 2)
        while serial > 999:  # more than 500 people of one sex on one day: take the day after
            born += timedelta(days=1)
            serial = self.next_serial.get((born, male), 1 if male else 2)
        self.next_serial[born, male] = serial + 2
        body = f"{self.division}{born:%Y%m%d}{serial:03d}"
        return body + CHECK[int((np.array([int(c) for c in body]) * WEIGHTS).sum() % 11)]


def phone(number: int) -> str:
    """An 11-digit number in a block that is not given out to subscribers (1990000xxxx and on)."""
    return f"199{number:08d}"
