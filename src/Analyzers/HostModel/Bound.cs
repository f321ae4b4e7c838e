using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers.HostModel;

/// <summary>An operation that was found, to be kept: by its syntax, since an operation keeps all code that was bound with it.</summary>
/// <param name="index">Where it was found.</param>
/// <param name="syntax">What <see cref="SourceIndex.Operation"/> gave the operation for.</param>
internal readonly struct Bound<TOperation>(SourceIndex index, SyntaxNode syntax)
    where TOperation : class, IOperation
{
    /// <summary>The operation; the same object for as long as anybody holds one of its file.</summary>
    public TOperation Operation => (TOperation)index.Operation(syntax)!;
}
