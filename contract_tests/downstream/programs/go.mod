module downstream

go 1.18
