"""The credit model that the demo breaks: its applicants, its labels, its training.

Data are made, not shipped: applicants are drawn from a known process with a seed, so that every
run has the same model and everybody can see what the labels rest on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FEATURES: Final = (
    "income",
    "debt_ratio",
    "utilisation",
    "years_employed",
    "late_payments",
    "age",
)
"""The columns of an applicant's features, in order; income is in currency units a year."""
TRAINING_ROWS: Final = 20_000
HELD_OUT_ROWS: Final = 10_000
TRAINING_SEED: Final = 20_260_101

_INCOME_LOG_MEAN = 10.6
_INCOME_LOG_DEVIATION = 0.5


@dataclass(frozen=True, slots=True)
class Applicants:
    """Applicants and what became of them.

    Attributes:
        features: shape (n, len(FEATURES)).
        defaulted: shape (n,); True where the loan was not paid back.
    """

    features: NDArray[np.float64]
    defaulted: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Trained:
    """A fitted classifier, the data it was fitted on, and its AUC on data it has not seen."""

    classifier: Any
    training: Applicants
    auc: float


def draw(random: np.random.Generator, rows: int, income_log_shift: float = 0.0) -> Applicants:
    """Draw `rows` applicants and their outcomes from the process that the demo's world follows.

    `income_log_shift` moves the logarithm of income: -0.8 multiplies every income by 0.45. The
    outcome follows the shifted income as it follows any other, so that drift alone leaves the
    model's ranking, its AUC, nearly where it was.
    """
    log_income = random.normal(_INCOME_LOG_MEAN + income_log_shift, _INCOME_LOG_DEVIATION, rows)
    debt_ratio = random.beta(2.0, 5.0, rows)
    utilisation = random.beta(2.0, 3.0, rows)
    years_employed = random.gamma(2.0, 3.0, rows)
    late_payments = random.poisson(0.6, rows).astype(np.float64)
    age = random.integers(21, 70, rows).astype(np.float64)
    log_odds = (
        -2.9
        - 1.15 * (log_income - _INCOME_LOG_MEAN) / _INCOME_LOG_DEVIATION
        + 1.5 * (debt_ratio - 0.286) / 0.16
        + 2.4 * (utilisation - 0.4) / 0.2
        + 2.2 * (late_payments - 0.6) / 0.77
        - 0.75 * (years_employed - 6.0) / 4.2
    )
    defaulted = random.random(rows) < 1.0 / (1.0 + np.exp(-log_odds))
    columns = (np.exp(log_income), debt_ratio, utilisation, years_employed, late_payments, age)
    return Applicants(np.column_stack(columns), defaulted)


def train(seed: int = TRAINING_SEED) -> Trained:
    """Fit the scorecard (standardised features, logistic regression) and test it on held-out data.

    Takes well under a second once scikit-learn is imported.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    random = np.random.default_rng(seed)
    training = draw(random, TRAINING_ROWS)
    held_out = draw(random, HELD_OUT_ROWS)
    classifier = make_pipeline(StandardScaler(), LogisticRegression())
    classifier.fit(training.features, training.defaulted)
    auc = float(roc_auc_score(held_out.defaulted, score(classifier, held_out.features)))
    return Trained(classifier, training, auc)


def score(classifier: Any, features: NDArray[np.float64]) -> NDArray[np.float64]:
    """The predicted probability of default, shape (n,), for features of shape (n, …)."""
    probabilities: NDArray[np.float64] = classifier.predict_proba(features)[:, 1]
    return probabilities


def save(trained: Trained, folder: Path) -> None:
    """Write the classifier and its training data into `folder` for the other processes."""
    import joblib  # type: ignore[import-untyped]

    joblib.dump(trained.classifier, folder / "classifier.joblib")
    np.save(folder / "training.npy", trained.training.features)


def load_classifier(folder: Path) -> Any:
    """The classifier that `save` wrote; never another's file, for joblib runs what it reads."""
    import joblib

    return joblib.load(folder / "classifier.joblib")


def load_training_features(folder: Path) -> NDArray[np.float64]:
    """The training features that `save` wrote, shape (TRAINING_ROWS, len(FEATURES))."""
    features: NDArray[np.float64] = np.load(folder / "training.npy")
    return features
