using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A place where a cleanup handler for a field can be registered.</summary>
/// <param name="After">The statement that it can stand after.</param>
/// <param name="Through">The host's local, whose container knows <c>IGracefulShutdown</c>; or that service itself.</param>
/// <param name="Field">How the field is written there.</param>
/// <param name="IsInConstructor">Whether the place is in the constructor of the field's class, where the service is injected.</param>
internal sealed record CleanupPlace(SyntaxNode After, string Through, string Field, bool IsInConstructor)
{
    public static CleanupPlace? For(HostFacts host, ISymbol field) =>
        !host.Types.Has(KnownType.IGracefulShutdown) ? null
        : field.IsStatic ? AfterBuild(host, field)
        : InConstructor(host, field);

    /// <summary><c>var app = builder.Build();</c> in the entry point, of a host that has the drain sequence.</summary>
    private static CleanupPlace? AfterBuild(HostFacts host, ISymbol field)
    {
        if (!host.Drain.IsRegistered || host.Compilation.GetEntryPoint(CancellationToken.None) is not { } entryPoint)
            return null;

        CleanupPlace? place = null;
        foreach (var build in host.Builds.All)
        {
            if (!build.IsRun
                || Values.WalkUp(build.Call).Parent is not IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local, Syntax: VariableDeclaratorSyntax declarator } }
                || !SymbolEqualityComparer.Default.Equals(local.ContainingSymbol, entryPoint)
                || declarator.Parent?.Parent is not LocalDeclarationStatementSyntax { Parent: GlobalStatementSyntax or BlockSyntax } statement
                || !host.Compilation.IsSymbolAccessibleWithin(field, entryPoint.ContainingType))
            {
                continue;
            }

            // Two hosts: it can't be told whose end the field should see.
            if (place is not null)
                return null;

            var container = field.ContainingType;
            var written = SymbolEqualityComparer.Default.Equals(container, entryPoint.ContainingType)
                ? field.Name
                : container.ToMinimalDisplayString(host.Index.Model(build.Tree), declarator.SpanStart) + "." + field.Name;
            place = new(statement, local.Name, written, IsInConstructor: false);
        }

        return place;
    }

    /// <summary>After the assignment in a constructor that is given the service.</summary>
    private static CleanupPlace? InConstructor(HostFacts host, ISymbol field)
    {
        foreach (var reference in host.Ownership.ReferencesTo(field))
        {
            if (reference.Parent is not IAssignmentOperation assignment
                || assignment.Target != reference
                || assignment.Syntax.Parent is not ExpressionStatementSyntax { Parent: BlockSyntax { Parent: ConstructorDeclarationSyntax constructor } } statement
                || host.Index.Model(constructor.SyntaxTree).GetDeclaredSymbol(constructor) is not IMethodSymbol symbol)
            {
                continue;
            }

            foreach (var parameter in symbol.Parameters)
            {
                if (host.Types.Is(parameter.Type, KnownType.IGracefulShutdown))
                    return new(statement, parameter.Name, reference.Syntax.ToString(), IsInConstructor: true);
            }
        }

        return null;
    }
}
