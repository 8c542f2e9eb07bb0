"""The data, and the words for a file that cannot be read."""

import runpy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import quick, says

from nnlib import datasets


def test_the_three_students():
    X, y, input_names, output_names = datasets.test_scores()
    np.testing.assert_array_equal(X, [[3, 5], [5, 1], [10, 2]])
    np.testing.assert_array_equal(y, [[75], [82], [93]])
    assert (input_names, output_names) == (["sleep", "study"], ["score"])
    assert X.dtype == y.dtype == np.float64


def test_the_simulated_class():
    X, y, input_names, output_names = datasets.class_scores()
    assert (X.shape, y.shape) == ((200, 2), (200, 1))
    assert (input_names, output_names) == (["sleep", "study"], ["score"])
    for values, least, most in ((X[:, 0], 4, 11), (X[:, 1], 0, 8), (y, 0, 100)):
        assert least <= values.min() < values.max() <= most
        assert np.ptp(values) > 0.4 * (most - least)
    np.testing.assert_array_equal(y, y.round())  # whole points
    np.testing.assert_allclose(X, X.round(1), atol=1e-12)


def test_the_simulated_class_is_what_its_rule_makes(root):
    rule = runpy.run_path(str(root / "data" / "make_class_scores.py"))
    X, y, *_ = datasets.class_scores()
    np.testing.assert_allclose(np.hstack([X, y]), rule["students"](), rtol=1e-12)
    noise = y[:, 0] - rule["true_score"](X[:, 0], X[:, 1])
    assert abs(noise.mean()) < 1
    assert 2 < noise.std() < 4


def test_every_call_reads_arrays_of_its_own():
    datasets.test_scores().X[0, 0] = 99
    assert datasets.test_scores().X[0, 0] == 3


def test_from_inside_the_package_once_it_is_installed(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(datasets, "__file__", str(tmp_path / "datasets.py"))
    assert datasets.data_folder() == tmp_path / "data"


def read(folder, text):
    path = folder / "scores.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return datasets.read_csv(path, ["sleep"], ["score"])


@pytest.mark.parametrize(
    "text",
    [
        "sleep,score\n3,75\n",
        "\ufeffsleep,score\r\n3,75\r\n",  # as Excel writes it
        "day,score,sleep\nMonday,75,3",  # a column of text that is not asked for
        ' sleep , score\n\n"3", 75.0 \n,\n',
    ],
)
def test_csv_files_that_can_be_read(tmp_path, text):
    data = read(tmp_path, text)
    np.testing.assert_array_equal(data.X, [[3]])
    np.testing.assert_array_equal(data.y, [[75]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "scores.csv, line 1: empty; the first line must name the columns sleep, score."),
        ("\n1,2\n", "scores.csv, line 1: empty; the first line must name the columns sleep, score."),
        ("sleep,score\n", "scores.csv, line 2: no rows below the column names."),
        (
            "sleep,points\n3,75\n",
            "scores.csv, line 1: no column 'score'; the columns, split at commas, are sleep, points.",
        ),
        (
            "sleep;score\n3;75\n",
            "scores.csv, line 1: no column 'sleep', 'score'; the columns, split at commas, are sleep;score. "
            "Between them stand semicolons: save the table with commas in their place.",
        ),
        (
            "sleep,score,sleep\n3,75,4\n",
            "scores.csv, line 1: more than one column 'sleep'; "
            "the columns, split at commas, are sleep, score, sleep.",
        ),
        ("sleep,score\n3,75\n3,5,82\n", "scores.csv, line 3: 3 values for 2 columns."),
        ("sleep,score\n3\n", "scores.csv, line 2: 1 value for 2 columns."),
        (
            "sleep,score\n3,75\n\n5,82 points\n",
            "scores.csv, line 4, column 'score': '82 points' is no finite number. "
            "Write it as in 7.5, without a unit.",
        ),
        (
            "sleep,score\n,75\n",
            "scores.csv, line 2, column 'sleep': '' is no finite number. Write it as in 7.5, without a unit.",
        ),
        (
            "sleep,score\n1_0,75\n",
            "scores.csv, line 2, column 'sleep': '1_0' is no finite number. Write it as in "
            "7.5, without a unit.",
        ),
        (
            "sleep,score\nnan,75\n",
            "scores.csv, line 2, column 'sleep': 'nan' is no finite number. Write it as in "
            "7.5, without a unit.",
        ),
        (
            'name,sleep,score\n"two\nlines",3,75\nx,3,inf\n',
            "scores.csv, line 4, column 'score': 'inf' is no finite number. Write it as in "
            "7.5, without a unit.",
        ),
        (b"sleep,score\n3,\xff\n", "scores.csv is no CSV file of text; save the table as CSV (UTF-8)."),
    ],
)
def test_csv_files_that_cannot_be_read(tmp_path, text, message):
    with says(ValueError, message):
        read(tmp_path, text)


def test_no_file(tmp_path):
    for path in (tmp_path / "scores.csv", tmp_path):
        with says(FileNotFoundError, f"there is no file {path}."):
            datasets.read_csv(path, ["sleep"], ["score"])


WHOLE = b'\xef\xbb\xbfsleep,score,day\r\n3,75,"Monday, or\r\nlater"\r\n5.5,82,\r\n-1e1,93,x\r\n'


def read_or_refused(folder, content):
    """What a file of these bytes gives: numbers, or words that name the file."""
    try:
        data = read(folder, content)
    except ValueError as error:
        assert str(error).startswith("scores.csv")  # noqa: PT017  # either outcome is right
        assert str(error).endswith(".")  # noqa: PT017
    else:
        assert data.X.shape == data.y.shape == (len(data.X), 1)
        assert len(data.X)
        assert np.isfinite(data.X).all()
        assert np.isfinite(data.y).all()


def test_a_csv_file_cut_off_anywhere_or_with_a_damaged_byte(tmp_path):
    for place in range(len(WHOLE)):
        read_or_refused(tmp_path, WHOLE[:place])
        for damage in (0x15, 0x80, WHOLE[place]):  # the last makes it 0
            read_or_refused(tmp_path, WHOLE[:place] + bytes([WHOLE[place] ^ damage]) + WHOLE[place + 1 :])


scraps = st.sampled_from(
    [*'0123456789.,;-+eE"\n\r\t ', "sleep", "score", "nan", "inf", "1e999", "٣", "½", "\0", "="]
)


@quick
@given(st.lists(scraps | st.text(max_size=2), max_size=20).map("".join), st.booleans())
def test_any_text_is_read_or_refused(tmp_path_factory, text, named):
    content = ("sleep,score\n" * named + text).encode("utf-8", "surrogatepass")
    read_or_refused(tmp_path_factory.getbasetemp(), content)
