"""The sample district: synthetic exports of the units of huyện Như Xuân, nine months of 2021."""
