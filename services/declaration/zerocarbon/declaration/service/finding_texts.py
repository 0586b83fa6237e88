"""Sentences of the gates and their Chinese, as data. `{fields}` are taken over as they are."""

from __future__ import annotations

from zerocarbon.declaration.documents import Bilingual

BASES = {"location": "基于位置", "market": "基于市场"}
BOUNDARIES = {"factory": Bilingual(zh="整个工厂", en="the whole factory")}
"""Boundaries that claims name by a word."""

SENTENCES: tuple[tuple[str, str], ...] = (
    # What holds.
    ("{standard} is in force on {day}", "{standard} 于 {day} 有效"),
    (
        "{standard} was withdrawn on {day}; chosen explicitly and issued with that notice",
        "{standard} 已于 {day} 废止；系明确选用，声明载明此事",
    ),
    ("the factory is operating", "工厂处于运营阶段"),
    ("boundary: {boundary}", "边界：{boundary}"),
    ("scopes 1 to 3", "范围一至三"),
    ("committed on {day} for {start} to {end}", "于 {day} 就 {start} 至 {end} 作出承诺"),
    (
        "commitment statement, timetable, targets, measures and offset strategy are there",
        "承诺、时间表、目标、措施与抵消策略齐备",
    ),
    (
        "baseline {day}, first qualification {first}, commitment until {end}",
        "基准日 {day}，首次达成日 {first}，承诺至 {end}",
    ),
    ("each scope has a target or a reasoned exclusion", "各范围均有目标，或说明了不设目标的理由"),
    ("dated targets and a pathway to residual emissions", "有带期限的目标及通向剩余排放的路径"),
    ("approved on {day}", "于 {day} 批准"),
    ("{start} to {end}, first period, {months} months", "{start} 至 {end}，首个周期，{months} 个月"),
    (
        "{start} to {end}, period {number}, {months} months",
        "{start} 至 {end}，第 {number} 个周期，{months} 个月",
    ),
    ("nothing of scopes 1 and 2 is left out", "范围一、二无遗漏"),
    (
        "no source above 1 % of the {basis}-based total including estimates of what is left out is left out",
        "未遗漏超过{basis}总量（含遗漏部分的估算）1 % 的排放源",
    ),
    (
        "{share} of the {basis}-based total including estimates of what is left out is covered",
        "覆盖{basis}总量（含遗漏部分的估算）的 {share}",
    ),
    (
        "{share} of the {basis}-based total including estimates of what is left out is left out",
        "遗漏{basis}总量（含遗漏部分的估算）的 {share}",
    ),
    (
        "no source weighs more than half of the {basis}-based total including estimates of what is left out",
        "没有占{basis}总量（含遗漏部分的估算）一半以上的排放源",
    ),
    (
        "beside source {source}, {share} of the rest of the {basis}-based total including estimates of what"
        " is left out is covered",
        "除{source}外，覆盖其余{basis}总量（含遗漏部分的估算）的 {share}",
    ),
    (
        "measure {measure} done on {day}, {amount} t a year",
        "措施“{measure}”于 {day} 完成，年减排 {amount} 吨",
    ),
    ("first period, all-offset", "首个周期，全部以抵消方式中和"),
    (
        "unmodified, on inventory {digest}, signed on {day}",
        "无保留意见，针对清单 {digest}，于 {day} 签署",
    ),
    ("{body}, accredited until {day}", "{body}，认可有效期至 {day}"),
    (
        "totals as verified, reasonable assurance, materiality {share}",
        "总量与核查一致，合理保证，实质性阈值 {share}",
    ),
    (
        "totals as verified, limited assurance, materiality {share}",
        "总量与核查一致，有限保证，实质性阈值 {share}",
    ),
    ("{amount} t meet the rule", "{amount} 吨符合该规则"),
    ("no unit stands twice in the claim", "本声明中没有重复的单位"),
    (
        "E = {exact} t, counted as {needed} t ({basis}-based; {other}-based it would be {otherwise} t);"
        " C = {credits} credits",
        "E = {exact} 吨，按 {needed} 吨计（{basis}；{other}则为 {otherwise} 吨）；C = {credits} 吨碳信用",
    ),
    # What does not hold.
    ("{standard} was published on {day}", "{standard} 于 {day} 发布"),
    (
        "{standard} was withdrawn on {day} and the organisation refuses it since",
        "{standard} 已于 {day} 废止，组织自此不再采用",
    ),
    ("no commitment was made", "未作出承诺"),
    ("there is no approved plan", "没有经批准的管理计划"),
    ("the plan of {day} was to be renewed by {end}", "{day} 的计划应于 {end} 前更新"),
    ("scope {scope} has no entry", "范围{scope}未列入计划"),
    ("source {source} is left out and its size is unknown", "遗漏{source}，且其规模不明"),
    ("source {source} of scope 1 or 2 is left out", "遗漏范围一或二的{source}"),
    ("no measure of the plan was carried out with a quantified saving", "计划中没有已完成且量化减排的措施"),
    ("there is no opinion", "没有核查意见"),
    ("the opinion is {kind}", "核查意见为 {kind}"),
    ("the window to retire closed on {day}", "注销时限已于 {day} 届满"),
    (
        "{serial} [{low}, {high}) does not count: retired on {day}, more than 12 months after the period",
        "{serial} [{low}, {high}) 不计：于 {day} 注销，晚于期末12个月",
    ),
    (
        "{serial} [{low}, {high}) does not count: retired on {day}, more than 12 months before the"
        " declaration",
        "{serial} [{low}, {high}) 不计：于 {day} 注销，早于声明12个月以上",
    ),
    # What would cure it.
    ("declare under a standard that is in force", "依据有效的标准声明"),
    (
        "declare under ISO 14068-1:2023, or allow withdrawn standards in the organisation's policy",
        "依据 ISO 14068-1:2023 声明，或在组织政策中允许已废止的标准",
    ),
    (
        "name the boundary of an operating factory and claim scopes 1, 2 and 3",
        "写明运营中工厂的边界，并声明范围一、二、三",
    ),
    ("make a commitment for this period or for the one that follows it", "就本期或下一期作出承诺"),
    ("complete the plan and have it approved", "补全计划并经批准"),
    ("put the dates of the plan in order", "理顺计划中的日期"),
    (
        "give each scope a target with a date, or the reason why it has none",
        "为各范围设定带期限的目标，或说明不设的理由",
    ),
    (
        "describe the pathway to residual emissions with dated targets",
        "以带期限的目标说明通向剩余排放的路径",
    ),
    ("renew the plan and have it approved", "更新计划并经批准"),
    (
        "declare for periods that are equally long and follow each other without gap",
        "以长度相等且首尾相接的周期声明",
    ),
    ("quantify what was left out, and close the inventory again", "量化遗漏部分，并重新关账"),
    (
        "carry out a measure, record what it saved at equal output, and declare for the period it acts in",
        "实施一项措施，记录同等产量下的减排量，并就其生效的周期声明",
    ),
    (
        "have the inventory verified by an accredited, independent body",
        "由经认可的独立机构核查清单",
    ),
    ("have the inventory verified by {standard}", "依据 {standard} 核查清单"),
    (
        "retire credits that meet the rule for this factory and period",
        "为本工厂、本期间注销符合该规则的碳信用",
    ),
    ("retire each unit once", "每个单位只注销一次"),
    (
        "retire {amount} more credits that count, or reduce and close again",
        "再注销 {amount} 吨可计入的碳信用，或减排后重新关账",
    ),
)
