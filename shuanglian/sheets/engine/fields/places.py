# ruff: noqa: E501 - one entry a line; a Chinese character counts as two
"""Columns that say where something is; shared by several rosters."""

from .shape import Field, words

PROVINCE = Field(
    "province", "省", "Province", "region", words("省 省份 省(自治区) 省(区、市) 所在省 省级"),
    help="省级名称，整份名册都在一个省时可以不填", help_en="May be left out when the whole roster is in one province",
    example="甘肃省",
)  # fmt: skip
CITY = Field(
    "city", "市（州）", "City or prefecture", "region",
    words("市(州) 市 市州 地市 市(地) 市(地、州) 地(市、州) 市(地、州、盟) 州市 所在市"),
    help="市或自治州名称", help_en="City or autonomous prefecture", example="定西市",
)  # fmt: skip
COUNTY = Field(
    "county", "县（市、区）", "County", "region",
    words("县(市、区) 县 县区 区县 县(区) 县(市、区、旗) 行政县 县市区 区(县) 区 旗县 县级 所在县 县名 县(市)"),
    help="县级名称；县名不写“县”字也能认出", help_en="Name of the county", example="通渭县",
)  # fmt: skip
TOWNSHIP = Field(
    "township", "乡（镇）", "Township", "region",
    words(
        "乡(镇) 乡镇 镇 乡 镇(街道) 镇乡 乡镇名称 街道 乡(镇、街道) 乡镇(街道) 镇(乡) 乡镇街道 所在乡镇 乡镇名 镇(乡、街道)"
    ),
    help="乡镇名称，与本县区划一致", help_en="Name of the township", example="平襄镇",
)  # fmt: skip
VILLAGE = Field(
    "village", "行政村", "Village", "region",
    words(
        "行政村 村 村名 村庄 村(居委) 村组(社区) 村(社区) 行政村名称 行政村名 村(居) 所在村 村(居)委会 村委会 村居 "
        "贫困村 村名称 社区(村) 行政村(社区) 联系村 帮扶村 所联村 联村 贫困村名称 结对村"
    ),
    required=True, help="行政村名称，“村”“村委会”可以不写；同名村请再填村代码",
    help_en="Name of the village; give the code where two villages share a name", example="孟河村",
)  # fmt: skip
VILLAGE_CODE = Field(
    "village_code", "行政村代码", "Village code", "text",
    words("行政村代码 村代码 区划代码 行政区划代码 村编号 村编码 AAD001 行政村编码 区划编码 统计用区划代码 行政区划 地区代码"),
    longest=12, help="12 位统计用区划代码；填了代码就按代码定位", help_en="12-digit division code; wins over names",
    example="621121100216",
)  # fmt: skip
GROUP = Field(
    "group", "村民小组", "Group", "text",
    words("村民小组 村组 组 社 自然村 AAR007 小组 组别 村民组 社(组) 组(社) 自然村(组) 自然村(屯) 屯 自然村名称 合作社(组)"),
    longest=60, help="村民小组或自然村", help_en="Group or hamlet", example="三社",
)  # fmt: skip
