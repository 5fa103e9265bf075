"""What a WSGI server and the `flask` command load."""

import gc

from quizapp import create_app
from quizapp.settings import SettingsError, end_start

gc.disable()  # what is loaded stays, and looking through it for garbage again and again takes a quarter of the start
try:
    app = create_app()
except SettingsError as error:
    end_start(error)
gc.freeze()  # nor is it looked through later
gc.enable()
