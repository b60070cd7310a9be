"""Tests of the pretend tracker."""
