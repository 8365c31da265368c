global using KeyAccountLogistics.Journal;
global using KeyAccountLogistics.Journal.Access;
