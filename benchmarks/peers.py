"""Peers in Python, one core. Reads a JSON request per line from standard input and answers each with a line of JSON.

{}                                                  answers which peers there are, with their versions
{"data": path, "rows": n, "columns": k, "test": m}  reads float64: k columns of n rows, the label; then the same of m fresh rows
{"fit": name, "trees": n}                           fits (`trees` for several), and answers seconds of this process: cpu, wall
{"result": name}                                    what the last fit of that name gives: weights, or p of fresh rows
{"score": name}                                     scores the fresh rows by the last fit of that name, and answers seconds
{"scores": path}                                    writes what was scored last to a file, as float64
{"trees of": name}                                  the trees of the last fit of that name
{"linear": [...], "intercept": b}                   a logistic regression of these weights, for "score": "logistic"
{"purchases": path, "rows": n, "model": {...}}      reads float64: frequency, recency, T of n customers, for "score": "purchases"
{"log": path, "rows": n, "categories": bool}        reads float64: customer, day and amount of n transactions, for "score": "log"
"""
import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

data = {}
fitted = {}
scored = {}


def load(path, rows, columns, test):
    import numpy as np

    cells = np.fromfile(path)
    train, fresh = np.split(cells, [rows * (columns + 1)])
    train = train.reshape(columns + 1, rows)
    fresh = fresh.reshape(columns + 1, test)
    data["X"], data["y"] = np.ascontiguousarray(train[:-1].T), train[-1].astype(int)
    data["fresh"] = np.ascontiguousarray(fresh[:-1].T)
    # what trees of scikit-learn and xgboost work on, so that turning it into that is not timed
    data["fresh32"] = data["fresh"].astype(np.float32)


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


def shallow(_):
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_depth=6, min_samples_leaf=20, random_state=1)


def shallow_forest(trees):
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(n_estimators=trees, max_depth=8, n_jobs=1, random_state=1)


makers["shallow"] = shallow
makers["shallowForest"] = shallow_forest


def bg_nbd(x, recency, T, r, alpha, a, b, horizon):
    """P(alive) and expected purchases, Fader, Hardie & Lee (2005), with scipy's hypergeometric function."""
    import numpy as np
    from scipy.special import hyp2f1

    with np.errstate(all="ignore"):
        odds = np.where(x == 0, 0, a / (b + np.maximum(x, 1) - 1) * ((alpha + T) / (alpha + recency)) ** (r + x))
        alive = 1 / (1 + odds)
        z = horizon / (alpha + T + horizon)
        left = ((alpha + T) / (alpha + T + horizon)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, z)
        return np.stack([alive, alive * (a + b + x - 1) / (a - 1) * (1 - left)])


def log_of(path, rows, categories):
    import numpy as np
    import pandas as pd

    customer, day, paid = np.fromfile(path).reshape(3, rows)
    customer = customer.astype(np.int64)
    return pd.DataFrame({"id": pd.Categorical(customer, ordered=True) if categories else customer, "day": day, "paid": paid})


def summary(log):
    """One row per customer, ascending by id: orders, first and last day, total."""
    import numpy as np

    own = log.groupby("id", observed=True).agg(
        orders=("paid", "size"), first=("day", "min"), last=("day", "max"), total=("paid", "sum")
    )
    return np.stack([own[name].to_numpy(dtype=float) for name in ("orders", "first", "last", "total")])


def score(name):
    if name == "log":
        return summary(data["log"])
    if name == "purchases":
        return bg_nbd(*data["purchases"], **data["model"])
    model = fitted[name]
    if name == "boosting":
        # a matrix that was seen before would be answered from a cache
        return model.get_booster().inplace_predict(data["fresh32"])
    return model.predict_proba(data["fresh32" if hasattr(model, "tree_") or hasattr(model, "estimators_") else "fresh"])[:, 1]


def sklearn_tree(tree, share):
    value = tree.value[:, 0, :]
    return {
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "feature": tree.feature.tolist(),
        "threshold": tree.threshold.tolist(),
        "value": (value[:, 1] / value.sum(axis=1) * share).tolist(),
        "weight": tree.weighted_n_node_samples.tolist(),
    }


def xgboost_tree(root):
    """A row goes left when x < split_condition, a float32; `next below` in float32 is the same with <=."""
    import numpy as np

    nodes = {key: [] for key in ("left", "right", "feature", "threshold", "value", "weight")}

    def put(node):
        at = len(nodes["left"])
        leaf = "leaf" in node
        own = np.float32(0 if leaf else node["split_condition"])
        nodes["left"].append(-1)
        nodes["right"].append(-1)
        nodes["feature"].append(0 if leaf else int(node["split"][1:]))
        nodes["threshold"].append(float(np.nextafter(own, np.float32(-np.inf))))
        nodes["value"].append(float(np.float32(node["leaf"])) if leaf else 0)
        nodes["weight"].append(1)
        if not leaf:
            children = {child["nodeid"]: child for child in node["children"]}
            nodes["left"][at] = put(children[node["yes"]])
            nodes["right"][at] = put(children[node["no"]])
        return at

    put(root)
    return nodes


def trees_of(name):
    model = fitted[name]
    if hasattr(model, "get_booster"):
        return [xgboost_tree(json.loads(tree)) for tree in model.get_booster().get_dump(dump_format="json")]
    if hasattr(model, "estimators_"):
        return [sklearn_tree(own.tree_, 1 / len(model.estimators_)) for own in model.estimators_]
    return [sklearn_tree(model.tree_, 1)]


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
    if "purchases" in request:
        import numpy as np

        data["purchases"] = np.fromfile(request["purchases"]).reshape(3, request["rows"])
        data["model"] = request["model"]
        return {}
    if "log" in request:
        data["log"] = log_of(request["log"], request["rows"], request["categories"])
        return {}
    if "linear" in request:
        import numpy as np

        model = logistic(None)
        model.classes_ = np.array([0, 1])
        model.coef_, model.intercept_ = np.array([request["linear"]]), np.array([request["intercept"]])
        fitted["logistic"] = model
        return {}
    if "score" in request:
        cpu, wall = time.process_time(), time.perf_counter()
        scored["last"] = score(request["score"])
        return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    if "scores" in request:
        import numpy as np

        np.ascontiguousarray(scored["last"], dtype=np.float64).tofile(request["scores"])
        return {}
    if "trees of" in request:
        return {"trees": trees_of(request["trees of"])}
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
