using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Verdicts.Scales;

/// <summary>A symmetric positive definite matrix, dense, with what the estimate of scales needs of it. The upper triangle is what counts.</summary>
internal sealed class SymmetricMatrix(int size)
{
    private readonly double[] _cells = new double[size * size];

    internal void Add(int row, int column, double value) => _cells[(row * size) + column] += value;

    /// <summary>Adds to the upper triangle only; for callers that go through both halves.</summary>
    internal void AddHalf(int row, int column, double value)
    {
        if (row <= column) Add(row, column, value);
    }

    internal double[] Times(double[] vector)
    {
        var result = new double[size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++) result[i] += this[i, j] * vector[j];
        }
        return result;
    }

    /// <summary>vᵀ M v.</summary>
    internal double Quadratic(double[] v)
    {
        var sum = 0.0;
        for (var i = 0; i < size; i++)
        {
            if (v[i] == 0) continue;
            for (var j = 0; j < size; j++) sum += v[i] * this[i, j] * v[j];
        }
        return sum;
    }

    /// <summary>The inverse, by Cholesky: M = LLᵀ, columns of L⁻¹, M⁻¹ = L⁻ᵀL⁻¹.</summary>
    internal SymmetricMatrix Inverse()
    {
        var lower = Cholesky();
        var inverseLower = new double[size * size];
        for (var column = 0; column < size; column++)
        {
            inverseLower[(column * size) + column] = 1 / lower[(column * size) + column];
            for (var row = column + 1; row < size; row++)
            {
                var sum = 0.0;
                for (var k = column; k < row; k++) sum += lower[(row * size) + k] * inverseLower[(k * size) + column];
                inverseLower[(row * size) + column] = -sum / lower[(row * size) + row];
            }
        }
        var inverse = new SymmetricMatrix(size);
        for (var k = 0; k < size; k++)
        {
            for (var i = 0; i <= k; i++)
            {
                var left = inverseLower[(k * size) + i];
                if (left == 0) continue;
                for (var j = i; j <= k; j++) inverse._cells[(i * size) + j] += left * inverseLower[(k * size) + j];
            }
        }
        return inverse;
    }

    private double this[int row, int column] => row <= column ? _cells[(row * size) + column] : _cells[(column * size) + row];

    private double[] Cholesky()
    {
        var lower = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = this[j, i];
                for (var k = 0; k < j; k++) sum -= lower[(i * size) + k] * lower[(j * size) + k];
                if (i == j)
                {
                    Invariant.Holds(sum > 0, "the normal matrix with its priors is positive definite");
                    lower[(i * size) + i] = Math.Sqrt(sum);
                }
                else
                {
                    lower[(i * size) + j] = sum / lower[(j * size) + j];
                }
            }
        }
        return lower;
    }
}
