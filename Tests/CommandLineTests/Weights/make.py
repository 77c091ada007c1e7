"""Writes the reference networks' weights with the Python package safetensors: pip install safetensors numpy; python make.py"""
import json, pathlib
import numpy
from safetensors.numpy import save_file

here = pathlib.Path(__file__).parent
for golden in sorted((here / "../../TestSupport/Golden").glob("*.json")):
    network = json.loads(golden.read_text())
    save_file({name: numpy.array(value) for name, value in network["parameters"].items()}, here / f"{golden.stem}.safetensors")
