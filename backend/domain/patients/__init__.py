"""Patients (就诊人), and who may act for whom."""
