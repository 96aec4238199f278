// Before the first paint, so that a chosen theme never flashes: the one thing that cannot wait for the application.
document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "auto";
