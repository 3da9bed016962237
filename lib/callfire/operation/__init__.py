"""Operations of CallFire as declarations: fields, schemas, inputs, requests and results."""
