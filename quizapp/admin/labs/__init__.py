"""The lab editor: a lab's text, its form, its verification, its versions."""
