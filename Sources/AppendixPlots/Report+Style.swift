/// Rules for the page around the pictures. Its colours are those of the pictures' paper and ink.
let pageStyle = """
  :root{color-scheme:light dark}
  *{box-sizing:border-box}
  body{margin:0 auto;max-width:1240px;padding:16px;color:#1b1b1b;background:#fff;\
  font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif}
  h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0 1rem;overflow-wrap:anywhere}
  h2{font-size:1.3rem;line-height:1.3;margin:2.5rem 0 .75rem;padding-top:1rem;border-top:2px solid #bbb;\
  overflow-wrap:anywhere}
  h3{font-size:1.05rem;margin:1.75rem 0 .5rem}
  p{max-width:46rem;margin:.5rem 0;overflow-wrap:anywhere}
  a{color:#005a9c}
  pre{margin:.5rem 0;padding:.6rem .75rem;border-radius:6px;background:#f2f3f5;font-size:.85rem;\
  white-space:pre-wrap;overflow-wrap:anywhere}
  .scroll{overflow-x:auto;margin:.75rem 0}
  table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.95rem}
  caption{text-align:left;font-weight:600;padding:.25rem 0}
  th,td{text-align:left;vertical-align:top;padding:.25rem 1.1rem .25rem 0;border-bottom:1px solid #ddd}
  th{font-weight:500}
  thead th{font-weight:600;vertical-align:bottom}
  th,td{white-space:nowrap}
  td+td:last-child:not(.number){white-space:normal}
  th.number,td.number{text-align:right}
  .figures{columns:340px;column-gap:16px;margin:1rem 0}
  .figures.whole{columns:auto}
  figure{margin:0 0 24px;break-inside:avoid}
  .figures svg{display:block;width:100%;max-width:30rem;height:auto}
  .figures .broad svg{max-width:none}
  figcaption{font-size:.88rem;line-height:1.4;max-width:46rem;margin-top:.25rem;color:#444}
  .broad{display:none}
  @media (min-width:700px){.broad{display:block}.narrow{display:none}}
  @media screen and (max-width:699px){
  .many,.many tbody,.many tr,.many th,.many td{display:block}
  .many thead{display:none}
  .many tr{padding:.4rem 0;border-bottom:1px solid #ddd}
  .many th,.many td,.many td.number{padding:0;border:0;text-align:left;white-space:normal;overflow-wrap:anywhere}
  .many th{font-weight:600}
  .many td::before{content:attr(data-head) ": ";color:#666}
  }
  @media screen and (prefers-color-scheme:dark){
  body{color:#e8e8e8;background:#14171c}
  h2{border-color:#454b54}
  a{color:#7fbdf0}
  pre{background:#20252c}
  th,td,.many tr{border-color:#343a42}
  .many td::before{color:#9aa0a8}
  figcaption{color:#b9bdc4}
  }
  @media print{
  @page{margin:15mm}
  body{max-width:none;padding:0;font-size:10pt}
  h1{font-size:16pt}
  h2{font-size:13pt}
  h2,h3,caption,thead{break-after:avoid}
  figure,pre,tr{break-inside:avoid}
  a{color:inherit;text-decoration:none}
  pre{border:1px solid #bbb;background:none}
  table{font-size:9pt}
  th,td,td+td:last-child{padding-right:.7rem;white-space:normal}
  th.number,td.number{padding-right:.4rem}
  .scroll{overflow:visible}
  .figures{columns:2;column-gap:12px}
  .figures.whole{columns:auto}
  .broad{display:block}
  .narrow{display:none}
  }

  """
