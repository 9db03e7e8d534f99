"""Peers in Python, one core. Reads a JSON request per line from standard input and answers each with a line of JSON.

{}                                                  answers which peers there are, with their versions
{"data": path, "rows": n, "columns": k, "test": m}  reads float64: k columns of n rows, the label; then the same of m fresh rows
{"fit": name, "trees": n}                           fits (`trees` for several), and answers seconds of this process: cpu, wall
{"result": name}                                    what the last fit of that name gives: weights, or p of fresh rows
"""
import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

data = {}
fitted = {}


def load(path, rows, columns, test):
    import numpy as np

    cells = np.fromfile(path)
    train, fresh = np.split(cells, [rows * (columns + 1)])
    train = train.reshape(columns + 1, rows)
    fresh = fresh.reshape(columns + 1, test)
    data["X"], data["y"] = np.ascontiguousarray(train[:-1].T), train[-1].astype(int)
    data["fresh"] = np.ascontiguousarray(fresh[:-1].T)


def logistic(_):
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(penalty=None, solver="newton-cholesky", tol=1e-8)


def cart(_):
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_depth=8, min_samples_leaf=50, random_state=1)


def forest(trees):
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(
        n_estimators=trees, max_depth=10, min_samples_leaf=10, max_features=5, n_jobs=1, random_state=1
    )


def boosting(trees):
    from xgboost import XGBClassifier

    return XGBClassifier(
        n_estimators=trees,
        learning_rate=0.1,
        max_depth=0,
        max_leaves=31,
        grow_policy="lossguide",
        tree_method="hist",
        max_bin=256,
        n_jobs=1,
    )


def histogram_boosting(trees):
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(max_iter=trees, max_leaf_nodes=31, learning_rate=0.1, early_stopping=False)


makers = {
    "logistic": logistic,
    "cart": cart,
    "forest": forest,
    "boosting": boosting,
    "histogramBoosting": histogram_boosting,
}


def packages():
    """Versions of what is installed."""
    found = {}
    for name in ("sklearn", "xgboost", "scipy", "pandas"):
        try:
            found[name] = __import__(name).__version__
        except ImportError:
            pass
    return found


def answer(request):
    if "data" in request:
        load(request["data"], request["rows"], request["columns"], request["test"])
        return {}
    if "fit" in request:
        model = makers[request["fit"]](request.get("trees"))
        cpu, wall = time.process_time(), time.perf_counter()
        model.fit(data["X"], data["y"])
        took = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
        fitted[request["fit"]] = model
        return took
    if "result" in request:
        model = fitted[request["result"]]
        if hasattr(model, "coef_"):
            return {"weights": [*model.coef_[0], model.intercept_[0]]}
        return {"p": model.predict_proba(data["fresh"])[:, 1].astype(float).tolist()}
    return {"packages": packages()}


for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as error:  # told to the asker, who stops
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), flush=True)
