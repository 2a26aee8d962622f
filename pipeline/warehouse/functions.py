"""The three functions that SQL lacks, under portable names, vectorised over Arrow."""

import hashlib
import hmac

import duckdb
from duckdb.func import PythonUDFType
from duckdb.sqltypes import BLOB, DOUBLE, VARCHAR

from pipeline.identifiers import upn_check_letter_fits_sql as fits_sql
from pipeline.identifiers import upn_kind_sql


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Give a connection `normal_cdf`, `normal_quantile` and `hmac_sha256(key, text)`."""
    arrow = PythonUDFType.ARROW
    con.create_function("normal_cdf", _normal_cdf, [DOUBLE], DOUBLE, type=arrow)
    con.create_function("normal_quantile", _normal_quantile, [DOUBLE], DOUBLE, type=arrow)
    con.create_function("hmac_sha256", _hmac_sha256, [BLOB, VARCHAR], VARCHAR, type=arrow)
    for name, sql in (("upn_kind", upn_kind_sql), ("upn_check_letter_fits", fits_sql)):
        con.execute(f"create or replace temp macro {name}(upn) as ({sql('upn')})")
    fits = fits_sql("upn", "number")
    con.execute(f"create or replace temp macro upn_number_fits(upn, number) as ({fits})")


def _normal_cdf(x):  # type: ignore[no-untyped-def]
    import pyarrow as pa
    from scipy.special import ndtr

    return pa.array(ndtr(x.to_numpy(zero_copy_only=False)), from_pandas=True)


def _normal_quantile(p):  # type: ignore[no-untyped-def]
    import pyarrow as pa
    from scipy.special import ndtri

    return pa.array(ndtri(p.to_numpy(zero_copy_only=False)), from_pandas=True)


def _hmac_sha256(key, text):  # type: ignore[no-untyped-def]
    import pyarrow as pa

    return pa.array(
        [
            None if t is None else hmac.new(k, t.encode(), hashlib.sha256).hexdigest()
            for k, t in zip(key.to_pylist(), text.to_pylist(), strict=True)
        ],
        type=pa.string(),
    )
