"""Where facts come from and what they are counted in, as shown beside each of them."""

from shuanglian.rules.profile_shapes import Label

REGISTER = Label(zh="贫困户档案", en="household file")
MEMBERS = Label(zh="家庭成员登记", en="register of members")
ACCOUNT = Label(zh="年度账", en="yearly account")
AREAS = Label(zh="行政区划与标签", en="regions and their tags")
PROFILE = Label(zh="方案", en="programme profile")
PAIRS = Label(zh="结对", en="pairs")
SCHOOL = Label(zh="学校证明", en="school certificate")
HOSPITAL = Label(zh="医院结算单", en="hospital statement")
CIVIL = Label(zh="民政部门", en="civil affairs department")
BANK = Label(zh="银行或农户申明", en="bank, or the household's word")
COURSE = Label(zh="培训机构", en="training body")
FAMILY = Label(zh="卫生计生部门", en="health and family planning department")
VISIT = Label(zh="入户核实", en="visit to the household")
DISASTER = Label(zh="灾情核定", en="assessment of the disaster")

YEARS = Label(zh="岁", en="years old")
YUAN = Label(zh="元", en="yuan")
PERSONS = Label(zh="人", en="persons")
MONTHS = Label(zh="个月", en="months")
MU = Label(zh="亩", en="mu")
METRES = Label(zh="平方米", en="square metres")
KM = Label(zh="公里", en="km")
