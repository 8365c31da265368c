global using KeyAccountLogistics.Kernel;
