"""The credit model: good enough to be worth guarding, and honest about what drift does to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from buckstop.demo.breaks import FLIPPED_SHARE, INCOME_LOG_SHIFT
from buckstop.demo.model import (
    FEATURES,
    TRAINING_ROWS,
    Trained,
    draw,
    load_classifier,
    load_training_features,
    save,
    score,
    train,
)


@pytest.fixture(scope="module")
def trained() -> Trained:
    return train()


def test_the_model_is_good_on_data_it_has_not_seen(trained: Trained) -> None:
    """A demo about a model going wrong needs one that is right to begin with."""
    assert trained.auc >= 0.88
    assert len(FEATURES) >= 5
    assert "income" in FEATURES


def test_training_is_the_same_every_time(trained: Trained) -> None:
    """Whoever runs the demo twice sees the same model."""
    assert train().auc == trained.auc


def test_drift_alone_leaves_auc_within_its_objective(trained: Trained) -> None:
    """The drift break must page the data team only, not the owner of the model too."""
    shifted = draw(np.random.default_rng(3), 20_000, INCOME_LOG_SHIFT)
    auc = roc_auc_score(shifted.defaulted, score(trained.classifier, shifted.features))
    assert auc > 0.85 + 0.05


def test_flipped_outcomes_take_auc_far_below_its_objective(trained: Trained) -> None:
    """The quality break must be a breach beyond doubt."""
    random = np.random.default_rng(4)
    applicants = draw(random, 20_000)
    outcomes = applicants.defaulted ^ (random.random(20_000) < FLIPPED_SHARE)
    assert roc_auc_score(outcomes, score(trained.classifier, applicants.features)) < 0.7


def test_what_is_saved_scores_as_what_was_trained(trained: Trained, tmp_path: Path) -> None:
    """The service answers with the model whose AUC the terminal shows."""
    save(trained, tmp_path)
    applicants = draw(np.random.default_rng(5), 10).features
    again = score(load_classifier(tmp_path), applicants)
    assert np.array_equal(again, score(trained.classifier, applicants))
    assert load_training_features(tmp_path).shape == (TRAINING_ROWS, len(FEATURES))
