import json
import subprocess
import sys

import pytest

from hiro.__main__ import main
from hiro.errors import PlanError
from hiro.instance import read_instance, solve_instance

OPTIONS = [
    {"name": "tree", "cost": 5000, "benefit": 42.5},
    {"name": "sail", "cost": 99.5, "benefit": 3},
]
OBJECTS = [
    {"id": "Käthe-Kollwitz-Ufer", "options": OPTIONS},
    {"id": 7, "options": []},
    {"id": "b", "options": [{"name": "tree", "cost": 5000, "benefit": 41.5, "note": "?"}]},
]


def write(tmp_path, told):
    path = tmp_path / "instance.json"
    text = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return path


def run(capsys, *arguments):
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as leaving:  # argparse
        code = leaving.code
    out, err = capsys.readouterr()
    return code, out, err


def refused(capsys, *arguments):
    code, out, err = run(capsys, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1), (code, out, err)
    assert "should not have happened" not in err
    return err


def with_option(**change):
    option = {key: value for key, value in (OPTIONS[0] | change).items() if value is not None}
    return {"objects": [{"id": "a", "options": [option]}]}


@pytest.mark.parametrize(
    ("budget", "chosen", "cost", "benefit"),
    [
        ("0", {}, 0, 0.0),
        ("99.49", {}, 0, 0.0),
        ("99.50", {"Käthe-Kollwitz-Ufer": "sail"}, 99.5, 3.0),
        ("5099.5", {"Käthe-Kollwitz-Ufer": "sail", "b": "tree"}, 5099.5, 44.5),
        ("99999", {"Käthe-Kollwitz-Ufer": "tree", "b": "tree"}, 10_000, 84.0),
    ],
)
def test_the_best_for_the_budget_is_printed(budget, chosen, cost, benefit, capsys, tmp_path):
    path = write(tmp_path, {"objects": OBJECTS})
    code, out, err = run(capsys, "choose", path, "--budget", budget)
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert list(told) == ["chosen", "cost", "benefit", "bound"]
    assert told == {"chosen": chosen, "cost": cost, "benefit": benefit, "bound": benefit}
    assert list(told["chosen"]) == list(chosen)  # in the order of the file
    assert isinstance(told["cost"], type(cost))


def test_a_tenth_is_a_tenth(tmp_path):
    """Ten options at 0.10 cost 1, which sums of doubles miss."""
    objects = [{"id": k, "options": [{"name": "x", "cost": 0.1, "benefit": 1}]} for k in range(10)]
    instance = read_instance(write(tmp_path, {"objects": objects}))
    assert solve_instance(instance, budget_cents=100)["benefit"] == 10.0
    assert solve_instance(instance, budget_cents=99)["benefit"] == 9.0


def test_the_same_question_gives_the_same_bytes(tmp_path):
    path = write(tmp_path, {"objects": OBJECTS})
    command = [sys.executable, "-m", "hiro", "choose", str(path), "--budget", "5100"]
    once, again = (
        subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603  our own
        for _ in range(2)
    )
    assert once == again
    assert once.count(b"\n") == 1


def test_no_objects_are_an_answer(capsys, tmp_path):
    code, out, _ = run(capsys, "choose", write(tmp_path, {"objects": []}), "--budget", "5")
    assert code == 0
    assert json.loads(out) == {"chosen": {}, "cost": 0, "benefit": 0.0, "bound": 0.0}


def test_a_mark_of_byte_order_is_passed_over(capsys, tmp_path):
    path = write(tmp_path, "\ufeff" + json.dumps({"objects": OBJECTS}))
    assert run(capsys, "choose", path, "--budget", "5100")[0] == 0


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[]", "no instance"),
        ("null", "no instance"),
        ('{"objects": {}}', "no instance"),
        ('{"objects": [1]}', "object in braces"),
        ('{"objects": [{"options": []}]}', '"id" is missing'),
        ('{"objects": [{"id": "a"}]}', '"options" is missing'),
        ('{"objects": [{"id": "a", "options": {}}]}', "list"),
        ('{"objects": [{"id": "a", "options": [3]}]}', "object in braces"),
        ('{"objects": [{"id": "", "options": []}]}', "not empty"),
        ('{"objects": [{"id": true, "options": []}]}', "not empty"),
        ('{"objects": [{"id": 1.5, "options": []}]}', "not empty"),
        ('{"objects": [{"id": "\\ud800", "options": []}]}', "half a letter"),
        ('{"objects": [{"id": "a", "options": []}, {"id": "a", "options": []}]}', "twice"),
        ('{"objects": [{"id": "1", "options": []}, {"id": 1, "options": []}]}', "twice"),
        ({"objects": [{"id": "a", "options": [OPTIONS[0]] * 2}]}, "twice"),
        ('{"objects": [], "objects": []}', "twice"),
        ("[" * 100_000, "too deep"),
        (f'{{"objects": [{{"id": {"1" * 5000}, "options": []}}]}}', "too long"),
        (with_option(name=None), '"name" is missing'),
        (with_option(cost=None), '"cost" is missing'),
        (with_option(benefit=None), '"benefit" is missing'),
        (with_option(cost=-1), "from 0"),
        (with_option(cost=0.001), "two decimals"),
        (with_option(cost=1e11), "from 0"),
        (with_option(cost="5000"), "from 0"),
        (with_option(cost=True), "from 0"),
        (with_option(cost=[5]), "from 0"),
        (with_option(cost=float("nan")), "NaN is no number"),
        (with_option(benefit=float("inf")), "Infinity is no number"),
        (with_option(benefit=1e16), "between"),
        (with_option(benefit="42"), "between"),
        (json.dumps(with_option()).replace("42.5", "1e999999999"), "between"),
        (json.dumps(with_option()).replace("5000", "1e999999999"), "from 0"),
        (json.dumps(with_option()).replace("5000", "1e-999999999"), "from 0"),
        (json.dumps(with_option()).replace("5000", "1" * 4000), "from 0"),
    ],
)
def test_an_instance_that_cannot_be_is_one_sentence(told, said, capsys, tmp_path):
    err = refused(capsys, "choose", write(tmp_path, told), "--budget", "5")
    assert said in err
    assert len(err) < 400


def test_files_that_are_none_are_one_sentence(capsys, tmp_path):
    (tmp_path / "latin.json").write_bytes('{"objects": "ä"}'.encode("latin-1"))
    for name in ("latin.json", "none.json", "."):
        refused(capsys, "choose", tmp_path / name, "--budget", "5")


@pytest.mark.parametrize(
    "budget", ["-5", "nan", "inf", "1e5", "150.000", "1,5", "", " 5", "x", "٣", "9" * 16]
)
def test_a_budget_that_is_none_is_one_sentence(budget, capsys, tmp_path):
    path = write(tmp_path, {"objects": OBJECTS})
    assert "euros" in refused(capsys, "choose", path, f"--budget={budget}")


def test_a_budget_below_nothing_is_refused(tmp_path, capsys):
    path = write(tmp_path, {"objects": OBJECTS})
    refused(capsys, "choose", path, "--budget", "-5")
    with pytest.raises(PlanError, match="not negative"):
        solve_instance(read_instance(path), budget_cents=-1)


def test_a_name_steers_no_terminal(capsys, tmp_path):
    sly = "a\u202eb\x1b[31m"
    path = write(tmp_path, json.dumps({"objects": [{"id": sly, "options": [3]}]}))
    err = refused(capsys, "choose", path, "--budget", "5")
    assert not {"\u202e", "\x1b"} & set(err)
