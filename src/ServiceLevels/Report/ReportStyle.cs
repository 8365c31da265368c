namespace KeyAccountLogistics.ServiceLevels.Reporting;

/// <summary>The look of a report on screen and on A4. No angle brackets and no ampersands: they are written as XML.</summary>
internal static class ReportStyle
{
    internal const string Css = """
        @page { size: A4; margin: 12mm 12mm 15mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #5b6675; } }
        * { box-sizing: border-box; }
        html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
        body { margin: 0 auto; max-width: 186mm; padding: 8mm 0; color: #1b2430; background: #fff; font: 9.5pt/1.45 "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Segoe UI", Helvetica, Arial, sans-serif; }
        h1 { font-size: 19pt; line-height: 1.2; margin: 0; } h2 { font-size: 12.5pt; margin: 7mm 0 2mm; break-after: avoid; } h3 { font-size: 9.5pt; margin: 0 0 1.5mm; color: #33404f; }
        p { margin: 0 0 1.5mm; } small, .quiet { color: #5b6675; font-size: 8pt; }
        header { border-bottom: 0.6mm solid #1f4e8c; padding-bottom: 3mm; margin-bottom: 4mm; display: flex; justify-content: space-between; align-items: flex-end; gap: 6mm; }
        header .right { text-align: right; white-space: nowrap; }
        svg { width: 100%; height: auto; display: block; font-family: inherit; }
        .row { display: flex; gap: 6mm; margin-bottom: 4mm; } .row section { flex: 1; min-width: 0; }
        .row .gauge { flex: 0 0 58mm; } .row .wide { flex: 0 0 104mm; }
        .figures { display: flex; border: 0.3mm solid #d5dae1; border-radius: 1.5mm; margin-bottom: 4mm; }
        .figures div { flex: 1; padding: 2mm 3mm; border-left: 0.3mm solid #d5dae1; } .figures div:first-child { border-left: 0; }
        .figures b { display: block; font-size: 14pt; line-height: 1.25; font-variant-numeric: tabular-nums; } .figures small { display: block; }
        .note { border-left: 1mm solid #b7791f; background: #fdf6e7; padding: 1.5mm 3mm; margin: 0 0 3mm; }
        table { border-collapse: collapse; width: 100%; font-size: 8pt; line-height: 1.35; font-variant-numeric: tabular-nums; margin-bottom: 3mm; }
        th { text-align: left; font-weight: 600; color: #33404f; background: #eef1f5; } th, td { padding: 1mm 1.6mm; border-bottom: 0.2mm solid #d5dae1; vertical-align: top; }
        thead { display: table-header-group; } tr { break-inside: avoid; } .n { text-align: right; white-space: nowrap; } .nowrap { white-space: nowrap; } .mono { font-family: "DejaVu Sans Mono", Consolas, monospace; font-size: 7.5pt; overflow-wrap: anywhere; }
        .name { width: 48mm; } tr.dimension td { background: #f6f7f9; font-weight: 600; } td.why { color: #5b6675; } td b.A { color: #1a7f4b; } td b.B { color: #1f4e8c; } td b.C { color: #b7791f; } td b.D { color: #b42318; }
        .page { break-before: page; } ul { margin: 0 0 2mm; padding-left: 5mm; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 1mm 4mm; margin: 0 0 3mm; } dt { color: #5b6675; } dd { margin: 0; min-width: 0; }
        @media print { body { padding: 0; max-width: none; } }
        """;
}
