"""The comparison of static and dynamic admittance: its numbers and its figure."""

import numpy as np
import pytest
import xarray as xr

from subkelvin.gallery.ndtc import admittance


def test_the_static_model_holds_at_low_cutoff_and_fails_at_the_presets(both_models: xr.Dataset) -> None:
    low, own = both_models.sel(cutoff=1e9), both_models.sel(cutoff=2e12)
    assert float(low.largest_deviation) < 0.05
    assert float(low.peak_deviation) < 1e-3
    assert float(own.largest_deviation) > 1.0
    assert float(own.contrast.sel(admittance="static")) > 40.0
    assert 5.0 < float(own.contrast.sel(admittance="dynamic")) < 7.0


def test_temperature_drops_fall_to_their_reference_values(both_models: xr.Dataset) -> None:
    own = 1e3 * both_models.own_drop.sel(cutoff=2e12)
    # InAsOI at 15 fW, set-ups 1 and 2 [mK]; the table of J gives them to 1e-3.
    for model, first, second in (("static", 78.5, 74.4), ("dynamic", 31.1, 25.6)):
        one = own.sel(admittance=model)
        np.testing.assert_allclose(float(one.sel(device="inas-setup-1")), first, rtol=2e-3)
        np.testing.assert_allclose(float(one.sel(device="inas-setup-2")), second, rtol=2e-3)


def test_the_figure_and_its_caption_can_be_made(both_models: xr.Dataset) -> None:
    figure = admittance.draw(both_models)
    assert len(figure.axes) == 6
    text = " ".join(admittance.describe(both_models))
    assert "dynamic" in text
    assert "Coulomb blockade" in text
    assert admittance.holds_up_to(np.array([1.0, 10.0]), np.array([0.005, 0.5])) == pytest.approx(np.sqrt(10.0))
