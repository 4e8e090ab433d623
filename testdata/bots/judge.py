"""Runs a bot through a fault and judges it by the simulator's journal: judge.py BOT
STEPS. The steps are JSON, a list of what to ask of the control port, in its order,
each [path, body]; the first answer that is not 200 is printed, with the journal, and
ends it with status 1.
"""
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

control = os.environ["UPSTOX_SIMULATOR_CONTROL"]
bot = subprocess.Popen([sys.executable, sys.argv[1]])
try:
    for path, body in json.loads(sys.argv[2]):
        request = urllib.request.Request(control + path, json.dumps(body).encode(), method="POST")
        try:
            urllib.request.urlopen(request)
        except urllib.error.HTTPError as error:
            journal = urllib.request.urlopen(control + "/v1/journal").read().decode()
            sys.exit(f"{path} {json.dumps(body)}: {error.code} {error.read().decode()}\n{journal}")
    if bot.poll() is not None:
        sys.exit(f"the bot has ended with status {bot.returncode}")
finally:
    bot.terminate()
    bot.wait()
