"""One of the training's scripts with a checkpoint every EVERY seconds: python often.py SCRIPT EVERY"""

import importlib
import sys

import run

run.Run.__init__.__defaults__ = (float(sys.argv[2]),)  # of `every`, the only one there is
importlib.import_module(sys.argv[1]).main()
