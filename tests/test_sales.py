"""House sales of King County: rows made up in the form of the public file, and words for what goes wrong."""

import copy
import csv
import io
import re
import runpy
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest
from support import says

from nnlib import datasets
from nnlib.sales import WHERE, distance

NAMES = [
    *(
        "id",
        "date",
        "price",
        "bedrooms",
        "bathrooms",
        "sqft_living",
        "sqft_lot",
        "floors",
        "waterfront",
        "view",
    ),
    *(
        "condition",
        "grade",
        "sqft_above",
        "sqft_basement",
        "yr_built",
        "yr_renovated",
        "zipcode",
        "lat",
        "long",
    ),
    *("sqft_living15", "sqft_lot15"),
]


def sales(n=8, seed=0):
    """Rows as in the public file, one dict of texts for each sale."""
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(n):
        area, sold = rng.integers(400, 6000), rng.integers(2014, 2016)
        row = dict.fromkeys(NAMES, "0") | {
            "id": f"{rng.integers(10**9, 10**10)}",
            "date": f"{sold}{rng.integers(1, 13):02}{rng.integers(1, 29):02}T000000",
            "price": f"{rng.integers(75, 2000)}000",
            "bedrooms": f"{rng.integers(1, 8)}",
            "bathrooms": "2.25",
            "sqft_living": f"{area}",
            "yr_built": f"{rng.integers(1900, sold + 1)}",
            "zipcode": "98178",
            "lat": f"{rng.uniform(47.16, 47.78):.4f}",
            "long": f"{rng.uniform(-122.52, -121.32):.3f}",
        }
        if k % 2:  # the other form of a date
            row["date"] = re.sub(r"(....)(..)(..)T.*", r"\1-\2-\3", row["date"])
        rows.append(row)
    return rows


def as_text(rows, names=NAMES, quoting=csv.QUOTE_MINIMAL, delimiter=","):
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, delimiter=delimiter, lineterminator="\n")
    writer.writerows([names, *([row[name] for name in names] for row in rows)])
    return text.getvalue()


@pytest.fixture
def read(tmp_path):
    """Read a file of this content."""

    def reading(content):
        path = tmp_path / "kc_house_data.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return datasets.house_sales(path)

    return reading


def test_the_sales_unpack_as_any_data(read):
    rows = sales(40)
    data = read(as_text(rows))
    X, y, input_names, output_names = data
    assert (input_names, output_names) == (["area", "bedrooms", "distance", "age"], ["price"])
    assert (X.shape, y.shape, X.dtype, y.dtype) == ((40, 4), (40, 1), np.float64, np.float64)
    for k, row in enumerate(rows):
        age = int(row["date"][:4]) - int(row["yr_built"])
        assert [*X[k, [0, 1, 3]], y[k, 0]] == [
            float(row["sqft_living"]),
            float(row["bedrooms"]),
            age,
            float(row["price"]),
        ]
    np.testing.assert_allclose(X[:, 2], [cosines(row) for row in rows], atol=0.0501)
    np.testing.assert_array_equal(X[:, 2], X[:, 2].round(1))
    assert isinstance(data, datasets.Dataset)
    assert data.dropped == {}
    assert copy.deepcopy(data).dropped == {}


@pytest.mark.parametrize(
    "form",
    [
        lambda rows: as_text(rows, quoting=csv.QUOTE_ALL),
        lambda rows: as_text(rows, names=NAMES[::-1]),
        lambda rows: as_text(rows, names=[name for name in NAMES if name not in ("id", "view", "zipcode")]),
        lambda rows: "\ufeff" + as_text(rows).replace("\n", "\r\n"),  # as Excel writes it
        lambda rows: as_text(rows).replace(",", " , ") + "\n\n",
    ],
    ids=["quoted", "other order", "fewer columns", "byte-order mark", "spaces and blank lines"],
)
def test_forms_of_the_file_that_say_the_same(read, form):
    rows = sales()
    for one, other in zip(read(form(rows)), read(as_text(rows)), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_file_as_long_as_the_real_one(read):
    assert read(as_text(sales(200) * 108)).X.shape == (21_600, 4)


# Distance and age


def cosines(row):
    """Miles to Seattle by the law of cosines on a sphere."""
    a, b = np.radians([[float(row["lat"]), float(row["long"])], [47.6062, -122.3321]])
    inner = np.sin(a[0]) * np.sin(b[0]) + np.cos(a[0]) * np.cos(b[0]) * np.cos(a[1] - b[1])
    return 3958.8 * np.arccos(inner)


def test_distance_by_another_formula():
    rows = sales(200, seed=1)
    lat, long = (np.array([float(row[name]) for row in rows]) for name in ("lat", "long"))
    np.testing.assert_allclose(distance(lat, long), [cosines(row) for row in rows], rtol=1e-6)


@pytest.mark.parametrize(
    ("lat", "long", "miles"),
    [
        (47.6062, -122.3321, 0),
        (48.6062, -122.3321, 69.1),  # one degree to the north is the 360th part of the way round
        (45.5152, -122.6784, 145.4),  # Portland
        (51.5074, -0.1278, 4782),  # London
        (-47.6062, 57.6679, 12437),  # the other side of the Earth
    ],
)
def test_known_distances(lat, long, miles):
    assert distance(np.array([lat]), np.array([long]))[0] == pytest.approx(miles, rel=0.002, abs=1e-9)


@pytest.mark.parametrize(
    ("date", "built", "age"),
    [
        ("20141013T000000", "1955", 59),
        ("2015-05-02", "2015", 0),
        ("2014-12-31 00:00:00", "2015", 0),  # sold before it was finished
        ("20150101T000000", "1900", 115),
    ],
)
def test_age(read, date, built, age):
    rows = sales()
    rows[3] |= {"date": date, "yr_built": built}
    assert read(as_text(rows)).X[3, 3] == age


# Rows that cannot be used

BAD = {
    "a value missing or no number": [
        ("price", "", "price ''"),
        ("price", "$221", "price '$221'"),
        ("bedrooms", "three", "bedrooms 'three'"),
        ("sqft_living", "nan", "sqft_living 'nan'"),
        ("lat", "inf", "lat 'inf'"),
        ("yr_built", "1_955", "yr_built '1_955'"),
    ],
    "no date as in 20141013T000000": [
        ("date", "10/13/2014", "date '10/13/2014'"),
        ("date", "20141313T000000", "date '20141313T000000'"),
        ("date", "", "date ''"),
    ],
    "price 0 or below": [("price", "0", "price '0'"), ("price", "-5", "price '-5'")],
    "area 0 or below": [("sqft_living", "0", "sqft_living '0'")],
    "bedrooms below 1 or above 20": [
        ("bedrooms", "0", "bedrooms '0'"),
        ("bedrooms", "33", "bedrooms '33'"),
    ],
    "more than 100 miles from Seattle": [
        ("lat", "0", "lat '0', long '-122.0'"),
        ("lat", "45.5152", "lat '45.5152', long '-122.0'"),
        ("lat", "407.6062", "lat '407.6062', long '-122.0'"),
        ("lat", "1e300", "lat '1e300', long '-122.0'"),
    ],
    "built after the year that follows the sale": [
        ("yr_built", "2016", "date '20140601T000000', yr_built '2016'")
    ],
    "built before 1800": [("yr_built", "0", "yr_built '0'"), ("yr_built", "55", "yr_built '55'")],
}
FLAWS = [(reason, *flaw) for reason, flaws in BAD.items() for flaw in flaws]


@pytest.mark.parametrize(("reason", "name", "text", "shown"), FLAWS)
def test_a_row_that_cannot_be_used_is_left_out_and_counted(read, reason, name, text, shown):
    rows = sales()
    good = read(as_text(rows[:2] + rows[3:]))
    rows[2] |= {"long": "-122.0", "date": "20140601T000000", name: text}
    data = read(as_text(rows))
    assert data.dropped == {reason: 1}
    np.testing.assert_array_equal(data.X, good.X)
    np.testing.assert_array_equal(data.y, good.y)


@pytest.mark.parametrize(("reason", "name", "text", "shown"), FLAWS)
def test_a_file_of_such_rows_is_refused_with_an_example(read, reason, name, text, shown):
    rows = sales(3)
    for row in rows[1:]:
        row |= {"long": "-122.0", "date": "20140601T000000", name: text}
    words = (
        "kc_house_data.csv: 2 of 3 rows cannot be used. "
        f"Most often (2 rows): {reason}, as in line 3: {shown}. "
        "Take the file as it was downloaded, before a spreadsheet has saved it in another form."
    )
    with says(ValueError, words):
        read(as_text(rows))


def test_a_row_cut_off_and_a_row_too_long(read):
    lines = as_text(sales()).splitlines()
    lines[3], lines[5] = lines[3][:30], lines[5] + ",7"
    data = read("\n".join(lines))
    assert data.dropped == {"too few or too many values": 2}
    assert len(data.X) == 6
    with says(
        ValueError,
        "kc_house_data.csv: 1 of 1 row cannot be used. Most often (1 row): too few or too many values, as in "
        "line 2: 3 values for 21 columns. Take the file as it was downloaded, before a spreadsheet has saved "
        "it in another form.",
    ):
        read(f"{lines[0]}\n1,20141013T000000,2219\n")


def test_each_row_counts_once_and_half_may_be_bad(read):
    rows = sales(10)
    for row, flaw in zip(
        rows, [{"price": "0", "bedrooms": "33"}, {"price": "-1"}, {"price": "?"}, {"date": "?"}], strict=False
    ):
        row |= flaw
    assert read(as_text(rows)).dropped == {
        "a value missing or no number": 1,
        "no date as in 20141013T000000": 1,
        "price 0 or below": 2,
    }
    rows[4]["price"] = "0"
    data = read(as_text(rows))
    assert (len(data.X), sum(data.dropped.values())) == (5, 5)
    rows[5]["bedrooms"] = "33"
    with pytest.raises(
        ValueError, match=r"6 of 10 rows .*\(3 rows\): price 0 or below, as in line 2: price '0'"
    ):
        read(as_text(rows))


# Files that cannot be read


def packed(*names):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name in names:
            file.writestr(name, as_text(sales()))
    return content.getvalue()


TABLE = as_text(sales())
NO_TEXT = "kc_house_data.csv is no CSV file of text; save the table as CSV (UTF-8)."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "line 1: empty; the first line must name the columns price, bedrooms, .*, lat, long\\."),
        (TABLE.splitlines()[0], "line 2: no rows below the column names\\."),
        ("area,price,lat,date,long\n1,2,3,4,5\n", "no column 'bedrooms', 'sqft_living', 'yr_built'; the col"),
        (
            TABLE.replace(",", ";"),
            "Between them stand semicolons: save the table with commas in their place\\.",
        ),
        (as_text(sales(), quoting=csv.QUOTE_ALL, delimiter=";"), "stand semicolons"),
        (TABLE.replace(",", "\t"), "Between them stand tabs: save the table with commas in their place\\."),
        (TABLE.replace("view", "price"), "line 1: more than one column 'price'; "),
        (packed("kc_house_data.csv"), "is a packed file \\(zip\\)\\. Unpack it first, and name the CSV file"),
        (b"\x1f\x8b\x08" + bytes(20), "is a packed file"),
        (
            packed("[Content_Types].xml", "xl/workbook.xml"),
            "is a workbook of Excel\\. Open it there and save",
        ),
        (TABLE.encode("utf-16"), "is text in UTF-16\\. Save the table again as CSV \\(UTF-8\\)\\."),
        (b"\n<!DOCTYPE html><html>", "is a web page\\. Download the table itself, as a CSV file\\."),
        (TABLE.encode("utf-16-le"), f"^{re.escape(NO_TEXT)}$"),
        (bytes(range(256)) * 4, f"^{re.escape(NO_TEXT)}$"),
        (TABLE.replace("id", "a" * 200_000), f"^{re.escape(NO_TEXT)}$"),
    ],
)
def test_files_that_cannot_be_read(read, content, words):
    with pytest.raises(ValueError, match=words) as error:
        read(content)
    assert str(error.value).startswith("kc_house_data.csv")


def test_no_such_file(tmp_path):
    for path in (tmp_path / "sales.csv", str(tmp_path)):
        with says(FileNotFoundError, f"there is no file {path}. {WHERE}"):
            datasets.house_sales(path)


# Where the file is


def test_without_a_path_the_environment_decides(tmp_path, monkeypatch):
    path = tmp_path / "mine.csv"
    path.write_text(TABLE)
    monkeypatch.setenv("HOUSE_SALES_CSV", str(path))
    assert datasets.house_sales_file() == path
    assert len(datasets.house_sales().X) == 8


def test_without_the_variable_the_folder_data_does(tmp_path, monkeypatch):
    monkeypatch.delenv("HOUSE_SALES_CSV", raising=False)
    monkeypatch.setattr(datasets, "data_folder", lambda: tmp_path)
    assert datasets.house_sales_file() is None
    (tmp_path / "kc_house_data.csv").write_text(TABLE)
    assert datasets.house_sales_file() == tmp_path / "kc_house_data.csv"
    assert len(datasets.house_sales().X) == 8
    monkeypatch.setenv("HOUSE_SALES_CSV", "")  # set to nothing: no file, whatever lies in the folder
    assert datasets.house_sales_file() is None
    with says(FileNotFoundError, f"the file of the house sales is not here. {WHERE}"):
        datasets.house_sales()


def test_a_variable_that_names_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("HOUSE_SALES_CSV", str(tmp_path / "gone.csv"))
    for call in (datasets.house_sales_file, datasets.house_sales):
        with says(
            FileNotFoundError,
            f"the environment variable HOUSE_SALES_CSV names {tmp_path / 'gone.csv'}, "
            "and there is no such file. Give it the whole path of kc_house_data.csv, or unset it.",
        ):
            call()


@pytest.mark.parametrize("program", ["conftest.py", "store.py"])
def test_the_lessons_are_run_and_stored_without_the_file(root, monkeypatch, program):
    monkeypatch.setenv("HOUSE_SALES_CSV", "mine.csv")
    names = runpy.run_path(str(root / "notebooks" / program))
    if program == "conftest.py":
        options = SimpleNamespace(nbval_lax=False, nbval_sanitize_with="")
        names["pytest_configure"](SimpleNamespace(option=options))
    else:
        names["main"](["no lesson"])
    assert datasets.house_sales_file() is None


def test_git_leaves_the_file_alone(root):
    assert "kc_house_data.csv" in (root / ".gitignore").read_text().splitlines()
