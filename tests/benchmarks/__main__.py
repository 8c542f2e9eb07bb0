"""All benchmarks, one after the other, and one table of their ratios: python tests/benchmarks"""

import course
import explorer
import import_time
import lessons
import training
from ratios import Ratio, show


def main() -> None:
    found: list[Ratio] = []
    for benchmark in (training, import_time, explorer, lessons, course):
        print(f"\n## {benchmark.__name__}\n", flush=True)
        found += benchmark.main()
    show(found)


if __name__ == "__main__":
    main()
