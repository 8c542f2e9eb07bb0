"""What the explorers are made of: pictures, tables, sliders, and the numbers behind them."""
